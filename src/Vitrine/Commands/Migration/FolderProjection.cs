using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Commands.Migration;

/// <summary>The projection of a data folder whose server is stopped.</summary>
internal static class FolderProjection
{
    /// <summary>Projects what the journal holds behind it, as a server does when it starts; one that is of no use is built anew.</summary>
    /// <exception cref="InvalidDataException">The journal was trimmed, and what held the rest is missing.</exception>
    public static void Complete(IJournal journal, ProjectionPaths paths, ProjectionMetrics metrics, Action<long> progress, CancellationToken cancellation)
    {
        var options = new ProjectionOptions();
        if (!IsOfUse(journal, paths.File))
        {
            ProjectionRebuild.Run(journal, paths, options, metrics, progress, cancellation);
            return;
        }

        using var writer = new ProjectionWriter(paths.File, options, metrics);
        while (journal.Head > writer.Position)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.ProjectBatch(journal, options.BatchEvents);
            progress(writer.Position);
        }

        ProjectionFile.Execute(writer.Connection, "CHECKPOINT");
    }

    /// <summary>Copies it, without what was deleted from it; answers the position that the copy has.</summary>
    public static long Copy(string file, string target)
    {
        using var connection = ProjectionFile.Open(file, new ProjectionOptions());
        ProjectionFile.Execute(connection, "BEGIN");
        var position = ProjectionCopy.Write(connection, file, target);
        ProjectionFile.Execute(connection, "COMMIT");
        ProjectionCopy.Place(target);
        return position;
    }

    private static bool IsOfUse(IJournal journal, string file)
    {
        try
        {
            return File.Exists(file) && ProjectionFile.LayoutOf(file) == ProjectionFile.Layout && ProjectionFile.PositionOf(file) is var position
                && position <= journal.Head && journal.FirstPosition <= position + 1;
        }
        catch (DuckDBException)
        {
            return false;
        }
    }
}
