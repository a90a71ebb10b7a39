using Vitrine.Hosting;

namespace Vitrine.Projection;

/// <summary>Where the projection lies.</summary>
/// <param name="File">The DuckDB file.</param>
/// <param name="Base">
/// A copy of the projection at the position up to which the journal has been trimmed; absent while the journal is
/// whole. A rebuild starts from it.
/// </param>
/// <remarks>
/// A file is never without its own write-ahead log: the log goes before the file when both go away, for DuckDB would
/// replay one that it finds beside a file onto that file, whichever it is.
/// </remarks>
public sealed record ProjectionPaths(string File, string Base)
{
    private static readonly string[] RemainingSuffixes = [".damaged-*", ".rebuilding*"];

    private string Log => File + ".wal";

    /// <summary>Where a projection is written that comes from elsewhere, until it is whole.</summary>
    public string Copying => File + ".copying";

    /// <summary>The paths within a data folder.</summary>
    public static ProjectionPaths In(string folder) =>
        new(Path.Combine(folder, "projection.duckdb"), Path.Combine(folder, "projection.base.duckdb"));

    /// <summary>Takes the projection out of the way, keeping it under another name; answers the name.</summary>
    public string SetAside(DateTimeOffset now)
    {
        var aside = $"{File}.damaged-{now:yyyyMMdd'T'HHmmssfff}";
        for (var again = 2; System.IO.File.Exists(aside) || System.IO.File.Exists(aside + ".wal"); again++)
        {
            aside = $"{File}.damaged-{now:yyyyMMdd'T'HHmmssfff}-{again}";
        }

        Move(Log, aside + ".wal");
        Move(File, aside);
        return aside;
    }

    /// <summary>Puts the base where the projection belongs, if there is a base and no projection. False: there is none.</summary>
    public bool StartFromBase()
    {
        if (!System.IO.File.Exists(Base) || System.IO.File.Exists(File))
        {
            return false;
        }

        System.IO.File.Copy(Base, Copying, overwrite: true);
        StartFromCopy();
        return true;
    }

    /// <summary>Puts what was written to <see cref="Copying"/> where the projection belongs, and where there is none.</summary>
    public void StartFromCopy()
    {
        DeleteLog();
        DurableFile.Replace(Copying, File);
    }

    /// <summary>Damaged projections that were set aside, and what a rebuild that came to no end has left, with their logs.</summary>
    public IEnumerable<string> Remains() => RemainingSuffixes
        .SelectMany(suffix => Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(File))!, Path.GetFileName(File) + suffix));

    /// <summary>Deletes what queries that were killed have spilled. Only while nobody has the file open.</summary>
    public void DeleteSpills()
    {
        foreach (var folder in new[] { File + ".tmp", File + ".rebuilding.tmp" }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Deletes the projection's write-ahead log.</summary>
    public void DeleteLog() => System.IO.File.Delete(Log);

    /// <summary>Deletes the projection, not its base.</summary>
    public void Delete()
    {
        DeleteLog();
        System.IO.File.Delete(File);
    }

    /// <summary>Puts this projection in the place of another, which must be gone.</summary>
    public void MoveTo(ProjectionPaths other)
    {
        Move(Log, other.Log);
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
