using DuckDB.NET.Data;
using Vitrine.Hosting;

namespace Vitrine.Projection;

/// <summary>Copies a projection into a file of its own, row by row: what was deleted is not in it.</summary>
/// <remarks>
/// The copy is read in one DuckDB transaction, so it is the projection at one position. It is written under another name,
/// checkpointed into its one file, opened again to see that it says the position it should, and only then renamed.
/// </remarks>
internal static class ProjectionCopy
{
    private const string Unfinished = ".writing";

    /// <summary>Writes what a connection sees; answers its position. Nothing is put in a place yet: see <see cref="Place"/>.</summary>
    /// <param name="connection">Within a transaction, and afterwards within another one.</param>
    /// <param name="target">The file that it is to become.</param>
    /// <exception cref="IOException">The copy is not complete.</exception>
    public static long Write(DuckDBConnection connection, string target)
    {
        var writing = target + Unfinished;
        var source = ProjectionFile.Scalar(connection, "SELECT current_database()");
        ProjectionFile.Execute(connection, "COMMIT; DETACH DATABASE IF EXISTS copy_of_projection");
        DeleteUnfinished(target);
        long position;
        try
        {
            ProjectionFile.Execute(connection, $"ATTACH '{writing.Replace("'", "''", StringComparison.Ordinal)}' AS copy_of_projection; BEGIN");
            position = ProjectionFile.Position(connection);
            ProjectionFile.Execute(connection, $"COPY FROM DATABASE \"{source}\" TO copy_of_projection; COMMIT; CHECKPOINT copy_of_projection");
        }
        finally
        {
            // Attached databases belong to the instance: one that is left would hold the next attempt up.
            Leave(connection);
        }

        if (File.Exists(writing + ".wal") || ProjectionFile.PositionOf(writing) != position)
        {
            throw new IOException($"The copy {writing} is not complete; what it was to replace is left as it is.");
        }

        ProjectionFile.Execute(connection, "BEGIN");
        return position;
    }

    /// <summary>Puts a written copy in its place, durably.</summary>
    public static void Place(string target) => DurableFile.Replace(target + Unfinished, target);

    /// <summary>Deletes what a copy that came to no end has left.</summary>
    public static void DeleteUnfinished(string target)
    {
        File.Delete(target + Unfinished + ".wal");
        File.Delete(target + Unfinished);
    }

    private static void Leave(DuckDBConnection connection)
    {
        try
        {
            ProjectionFile.Execute(connection, "ROLLBACK");
        }
        catch (DuckDBException)
        {
            // There was no transaction: the copy went well.
        }

        ProjectionFile.Execute(connection, "DETACH DATABASE IF EXISTS copy_of_projection");
    }
}
