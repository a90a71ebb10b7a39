using DuckDB.NET.Data;
using Vitrine.Hosting;

namespace Vitrine.Projection;

/// <summary>Copies a projection into a file of its own, row by row: what was deleted is not in it.</summary>
/// <remarks>
/// The copy is read in one DuckDB transaction, so it is the projection at one position. It is written under another name,
/// checkpointed into its one file, opened again to see that it says the position it should, and only then renamed. One that
/// fails leaves nothing. Attached databases belong to the instance, so each copy has a name of its own there; two to the
/// same file must not run at once, which their callers see to.
/// </remarks>
internal static class ProjectionCopy
{
    private const string Unfinished = ".writing";

    /// <summary>Writes what a connection sees; answers its position. Nothing is put in a place yet: see <see cref="Place"/>.</summary>
    /// <param name="connection">Within a transaction, and afterwards within another one.</param>
    /// <param name="source">The file that it reads.</param>
    /// <param name="target">The file that it is to become.</param>
    /// <exception cref="IOException">The copy is not complete, or there is no room for it.</exception>
    public static long Write(DuckDBConnection connection, string source, string target)
    {
        DeleteUnfinished(target);
        ScratchFile.RefuseWithoutRoom(target, new FileInfo(source).Length);
        try
        {
            var position = Write(connection, target + Unfinished);
            ProjectionFile.Execute(connection, "BEGIN");
            return position;
        }
        catch
        {
            DeleteUnfinished(target);
            throw;
        }
    }

    /// <summary>Puts a written copy in its place, durably.</summary>
    public static void Place(string target) => DurableFile.Replace(Written(target), target);

    /// <summary>Where a copy lies that is written and has no place yet.</summary>
    public static string Written(string target) => target + Unfinished;

    /// <summary>Deletes what a copy that came to no end has left.</summary>
    public static void DeleteUnfinished(string target)
    {
        File.Delete(target + Unfinished + ".wal");
        File.Delete(target + Unfinished);
    }

    private static long Write(DuckDBConnection connection, string writing)
    {
        var name = $"copy_{Guid.NewGuid():N}";
        var database = ProjectionFile.Scalar(connection, "SELECT current_database()");
        long position;
        ProjectionFile.Execute(connection, $"COMMIT; ATTACH '{writing.Replace("'", "''", StringComparison.Ordinal)}' AS {name}");
        try
        {
            ProjectionFile.Execute(connection, "BEGIN");
            position = ProjectionFile.Position(connection);
            ProjectionFile.Execute(connection, string.Create(null, $"COPY FROM DATABASE \"{database}\" TO {name}; UPDATE {name}.projection_renewal SET position = {position}; COMMIT; CHECKPOINT {name}"));
        }
        finally
        {
            Leave(connection, name);
        }

        return !File.Exists(writing + ".wal") && ProjectionFile.PositionOf(writing) == position
            ? position
            : throw new IOException($"The copy {writing} is not complete; what it was to replace is left as it is.");
    }

    private static void Leave(DuckDBConnection connection, string name)
    {
        try
        {
            ProjectionFile.Execute(connection, "ROLLBACK");
        }
        catch (DuckDBException)
        {
            // There was no transaction: the copy went well.
        }

        ProjectionFile.Execute(connection, $"DETACH DATABASE {name}");
    }
}
