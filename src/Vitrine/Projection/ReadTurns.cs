using System.Diagnostics;

namespace Vitrine.Projection;

/// <summary>
/// Turns for queries of one kind: some at once, a bounded number waiting, and never all of them a single workspace's.
/// </summary>
/// <remarks>
/// A workspace has a share of half the turns (one, where there are two) and of the places in the queue, and takes its
/// share's turn before it queues for a turn of all. So whatever one workspace holds or waits for, slow downloads for
/// instance, another one finds a turn as soon as any other is free. Any thread may call.
/// </remarks>
internal sealed class ReadTurns(int atOnce, TimeSpan limit, TimeSpan patience) : IDisposable
{
    private const int WaitingPerTurn = 16;

    private readonly int _share = Math.Max(1, atOnce / 2);
    private readonly SemaphoreSlim _turns = new(atOnce);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Share> _shares = new(StringComparer.Ordinal);

    /// <summary>How long a turn may take.</summary>
    public TimeSpan Limit => limit;

    /// <summary>Waits for a turn. False when too many of the workspace are waiting already, or none comes in time.</summary>
    public async Task<bool> TryTakeAsync(string workspace, CancellationToken cancellation)
    {
        if (Join(workspace) is not { } share)
        {
            return false;
        }

        var (mine, all) = (false, false);
        try
        {
            var started = Stopwatch.GetTimestamp();
            mine = await share.Turns.WaitAsync(patience, cancellation);
            all = mine && await _turns.WaitAsync(Left(started), cancellation);
            return all;
        }
        finally
        {
            if (!all)
            {
                if (mine)
                {
                    share.Turns.Release();
                }

                Leave(workspace, share);
            }
        }
    }

    private TimeSpan Left(long started) => patience - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Ends a workspace's turn.</summary>
    public void Return(string workspace)
    {
        Share share;
        lock (_gate)
        {
            share = _shares[workspace];
        }

        _turns.Release();
        share.Turns.Release();
        Leave(workspace, share);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turns.Dispose();
        foreach (var share in _shares.Values)
        {
            share.Turns.Dispose();
        }
    }

    private Share? Join(string workspace)
    {
        lock (_gate)
        {
            if (!_shares.TryGetValue(workspace, out var share))
            {
                _shares.Add(workspace, share = new Share(new SemaphoreSlim(_share)));
            }

            if (share.Present == _share * (1 + WaitingPerTurn))
            {
                return null;
            }

            share.Present++;
            return share;
        }
    }

    private void Leave(string workspace, Share share)
    {
        lock (_gate)
        {
            if (--share.Present == 0)
            {
                _shares.Remove(workspace);
                share.Turns.Dispose();
            }
        }
    }

    private sealed class Share(SemaphoreSlim turns)
    {
        public SemaphoreSlim Turns { get; } = turns;

        public int Present { get; set; }
    }
}
