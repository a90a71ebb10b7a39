using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;

namespace Vitrine.Projection;

/// <summary>
/// Lets the journal be trimmed without losing what was counted: before records go, the projection at a later position
/// is copied to its base, from which every rebuild then starts.
/// </summary>
/// <remarks>
/// The copy is read in one DuckDB transaction, so it is the projection at one position, while projecting goes on. It
/// is written under another name, flushed, and renamed over the old base; only then are records trimmed, and never
/// beyond the base's position. A crash in between leaves the old base or the new one, both with all the records that
/// they need.
/// </remarks>
public sealed partial class ProjectionBase(
    ProjectionReader reader, ProjectionPaths paths, SqliteJournal journal, TimeProvider time, ILogger<ProjectionBase> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>The position of a base or a projection that no server has open.</summary>
    internal static long PositionOf(string file)
    {
        using var connection = new DuckDBConnection($"DataSource={file};ACCESS_MODE=READ_ONLY");
        connection.Open();
        return Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT position FROM projection_state"), CultureInfo.InvariantCulture);
    }

    /// <summary>Trims the journal as its options ask for; answers the first position it still holds.</summary>
    public async Task<long> TrimAsync(CancellationToken cancellation)
    {
        var expired = await journal.FindExpiredAsync();
        if (expired < journal.FirstPosition)
        {
            return journal.FirstPosition;
        }

        var reached = await reader.ExportAsync(Write, cancellation);
        var first = await journal.TrimAsync(Math.Min(expired, reached));
        Trimmed(first, reached);
        return first;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await TrimAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                TrimFailed(fault);
            }
        }
    }

    private long Write(DuckDBConnection connection)
    {
        var writing = paths.Base + ".writing";
        File.Delete(writing);
        var source = ProjectionFile.Scalar(connection, "SELECT current_database()");
        ProjectionFile.Execute(connection, $"COMMIT; ATTACH '{writing.Replace("'", "''", StringComparison.Ordinal)}' AS base; BEGIN");
        var position = Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT position FROM projection_state"), CultureInfo.InvariantCulture);
        ProjectionFile.Execute(connection, $"COPY FROM DATABASE \"{source}\" TO base; COMMIT; DETACH base; BEGIN");
        DurableFile.Replace(writing, paths.Base);
        return position;
    }

    [LoggerMessage(LogLevel.Information, "The journal now begins at position {First}; the projection's base reaches {Reached}")]
    private partial void Trimmed(long first, long reached);

    [LoggerMessage(LogLevel.Error, "The journal could not be trimmed; it is tried again in a minute")]
    private partial void TrimFailed(Exception fault);
}
