using Vitrine.Journal;

namespace Vitrine.Projection;

/// <summary>
/// Builds the projection anew beside the old one, from its base where the journal was trimmed, and puts it in the old
/// one's place when it is complete: interrupted, it leaves the old one as it was.
/// </summary>
internal static class ProjectionRebuild
{
    /// <summary>Runs the rebuild; answers the position that it reached.</summary>
    /// <param name="journal">The journal, which nobody else writes.</param>
    /// <param name="paths">Where the projection lies.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="metrics">Where batches are counted.</param>
    /// <param name="progress">Told the position after each batch.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <exception cref="InvalidDataException">The journal was trimmed and the base that holds the rest is missing.</exception>
    public static long Run(
        IJournal journal,
        ProjectionPaths paths,
        ProjectionOptions options,
        ProjectionMetrics metrics,
        Action<long> progress,
        CancellationToken cancellation)
    {
        var building = paths with { File = paths.File + ".rebuilding" };
        building.Delete();
        building.StartFromBase();
        long position;
        using (var writer = new ProjectionWriter(building.File, options, metrics))
        {
            if (journal.FirstPosition > writer.Position + 1)
            {
                throw new InvalidDataException(
                    $"The journal begins at position {journal.FirstPosition} and the projection's base {paths.Base} reaches {writer.Position}: a rebuild would lose what lies between. Restore a backup instead.");
            }

            while (journal.Head > writer.Position)
            {
                cancellation.ThrowIfCancellationRequested();
                writer.ProjectBatch(journal, options.BatchEvents);
                progress(writer.Position);
            }

            position = writer.Position;
            ProjectionFile.Execute(writer.Connection, "CHECKPOINT");
        }

        if (Reaches(paths.File) > position)
        {
            paths.SetAside(TimeProvider.System.GetUtcNow()); // It knows more than the journal: it may be all that is left.
        }

        paths.Delete();
        building.MoveTo(paths);
        return position;
    }

    private static long Reaches(string file)
    {
        try
        {
            return File.Exists(file) ? ProjectionFile.PositionOf(file) : 0;
        }
        catch (DuckDB.NET.Data.DuckDBException)
        {
            return long.MaxValue; // It cannot be read: set aside rather than deleted.
        }
    }
}
