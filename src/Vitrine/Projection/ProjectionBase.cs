using Vitrine.Journal;

namespace Vitrine.Projection;

/// <summary>
/// Lets the journal be trimmed without losing what was counted: before records go, the projection at a later position
/// is copied to its base, from which every rebuild then starts.
/// </summary>
/// <remarks>
/// The copy (<see cref="ProjectionCopy"/>) is made while projecting goes on, flushed, and kept in the place of the old base
/// (<see cref="IBaseStore"/>); only then are records trimmed, and never beyond the base's position. A crash in between
/// leaves the old base or the new one, both with all the records that they need. A projection that lacks records which the
/// journal no longer has never becomes a base.
/// </remarks>
public sealed partial class ProjectionBase(
    ProjectionReader reader,
    Projector projector,
    ProjectionPaths paths,
    IBaseStore bases,
    ProjectionOptions options,
    IJournal journal,
    JournalHolds holds,
    TimeProvider time,
    ProjectionMetrics metrics,
    ILogger<ProjectionBase> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Trims the journal as its options ask for; answers the first position it still holds.</summary>
    public async Task<long> TrimAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await TrimAloneAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Writes the projection anew, and its base where there is one, without what was deleted up to a position. Neither is
    /// left behind that position.
    /// </summary>
    /// <exception cref="IOException">That cannot be done now; to be tried again later.</exception>
    public async Task RenewAsync(long position, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation); // No other copy is being written meanwhile.
        try
        {
            if (!await projector.WaitForAsync(position, Patience, cancellation) || !projector.IsComplete)
            {
                throw new IOException("The projection has not come that far, or lacks records.");
            }

            ProjectionCopy.DeleteUnfinished(paths.Base);
            if (bases.IsOurs && await bases.FindReachAsync(cancellation) > 0)
            {
                RefuseBehind(await CopyAsync(replacesAll: true, cancellation), position);
            }

            RefuseBehind(await projector.CompactAsync(cancellation), position); // Last: the file then says that all is done.
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private async Task<long> TrimAloneAsync(CancellationToken cancellation)
    {
        var expired = await journal.FindExpiredAsync(cancellation);
        var needed = holds.Position; // By whom it is still to be read, such as a target of forwarding.
        holds.HeldBytes = needed < expired ? await journal.MeasureAsync(needed, expired, cancellation) : 0;
        expired = Math.Min(expired, needed);
        if (!projector.IsComplete || !bases.IsOurs)
        {
            return journal.FirstPosition;
        }

        var trims = expired >= journal.FirstPosition;
        var isDue = await bases.IsDueAsync(projector.Progress.Position, cancellation);
        if (!trims && !isDue)
        {
            return journal.FirstPosition;
        }

        // A base that reaches far enough will do: a new copy is due about once in a retention period.
        var reached = await bases.FindReachAsync(cancellation);
        if (isDue || reached < expired)
        {
            reached = await CopyAsync(replacesAll: false, cancellation);
        }

        if (!trims)
        {
            return journal.FirstPosition;
        }

        // Nor beyond what is projected: a projection that is being built anew still has to read what the base has read.
        var first = await journal.TrimAsync(Math.Min(Math.Min(expired, reached), projector.Progress.Position));
        Trimmed(first, reached);
        return first;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await TryAsync(() => TidyAsync(stoppingToken), stoppingToken);
        using var timer = new PeriodicTimer(options.TrimInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryAsync(() => TrimAsync(stoppingToken), stoppingToken);
        }
    }

    /// <summary>Deletes what a server that was killed while it wrote a copy has left.</summary>
    private async Task TidyAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation); // Nor one that an erasure is just writing.
        try
        {
            ProjectionCopy.DeleteUnfinished(paths.Base);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellation)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            metrics.TrimFailed();
            TrimFailed(fault);
        }
    }

    /// <summary>The projection was set aside meanwhile, and is being built anew.</summary>
    private static void RefuseBehind(long reached, long position)
    {
        if (reached < position)
        {
            throw new IOException($"The projection was copied at position {reached}, before {position}.");
        }
    }

    private async Task<long> CopyAsync(bool replacesAll, CancellationToken cancellation)
    {
        var position = await reader.MaintainAsync(connection => ProjectionCopy.Write(connection, paths.File, paths.Base), cancellation);
        await bases.KeepAsync(position, replacesAll, cancellation);
        return position;
    }

    [LoggerMessage(LogLevel.Information, "The journal now begins at position {First}; the projection's base reaches {Reached}")]
    private partial void Trimmed(long first, long reached);

    [LoggerMessage(LogLevel.Error, "The journal could not be trimmed, or no base or snapshot of the projection be taken; it is tried again in a minute")]
    private partial void TrimFailed(Exception fault);
}
