namespace Vitrine.Projection;

/// <summary>Where the projection lies.</summary>
/// <param name="File">The DuckDB file.</param>
/// <param name="Base">
/// A copy of the projection at the position up to which the journal has been trimmed; absent while the journal is
/// whole. A rebuild starts from it.
/// </param>
public sealed record ProjectionPaths(string File, string Base)
{
    /// <summary>The paths within a data folder.</summary>
    public static ProjectionPaths In(string folder) =>
        new(Path.Combine(folder, "projection.duckdb"), Path.Combine(folder, "projection.base.duckdb"));

    /// <summary>Takes the projection out of the way, keeping it under another name; answers the name.</summary>
    public string SetAside(DateTimeOffset now)
    {
        var aside = $"{File}.damaged-{now:yyyyMMdd'T'HHmmssfff}";
        Move(File, aside);
        Move(File + ".wal", aside + ".wal");
        return aside;
    }

    /// <summary>Puts the base where the projection belongs, if there is a base and no projection.</summary>
    public void StartFromBase()
    {
        if (System.IO.File.Exists(Base) && !System.IO.File.Exists(File))
        {
            System.IO.File.Copy(Base, File + ".copying", overwrite: true);
            System.IO.File.Move(File + ".copying", File);
        }
    }

    /// <summary>Deletes the projection, not its base.</summary>
    public void Delete()
    {
        System.IO.File.Delete(File);
        System.IO.File.Delete(File + ".wal");
    }

    /// <summary>Puts this projection in the place of another, which must be gone.</summary>
    public void MoveTo(ProjectionPaths other)
    {
        Move(File + ".wal", other.File + ".wal");
        Move(File, other.File);
    }

    private static void Move(string from, string to)
    {
        if (System.IO.File.Exists(from))
        {
            System.IO.File.Move(from, to);
        }
    }
}
