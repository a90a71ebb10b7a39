using System.Diagnostics;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>What became of a replay.</summary>
/// <param name="Sent">What the target has taken now.</param>
/// <param name="Refused">What it refused again, and stays.</param>
/// <param name="Gone">Of what there is nothing any more: its record was trimmed, or its customer erased. It is forgotten.</param>
/// <param name="Stopped">Why it ended early: the target cannot be reached now; null when it did not.</param>
/// <param name="Next">Behind what the next call goes on; null when all has been tried.</param>
internal sealed record ReplayOutcome(int Sent, int Refused, int Gone, string? Stopped, AsideItem? Next);

/// <summary>Sends again what was set aside, one by one and beside the worker: it comes later than what came after it.</summary>
internal sealed class Replay(Forwarder forwarder, IJournal journal, CountedItems counted, TimeProvider time)
{
    private const int ItemsAtOnce = 500;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _running = new(StringComparer.Ordinal);

    /// <summary>Replays for some seconds at most; null when a replay of the target is under way.</summary>
    public async Task<ReplayOutcome?> RunAsync(TargetWorker worker, AsideItem? after, CancellationToken cancellation)
    {
        var name = worker.State.Target.Name;
        lock (_gate)
        {
            if (!_running.Add(name))
            {
                return null;
            }
        }

        try
        {
            return await RunAloneAsync(worker, forwarder.Store!, after, cancellation);
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(name);
            }
        }
    }

    private async Task<ReplayOutcome> RunAloneAsync(TargetWorker worker, ForwardingStore store, AsideItem? after, CancellationToken cancellation)
    {
        var target = worker.State.Target;
        var reader = new ItemReader(target.Environment, target.TakesProfiles);
        var (sent, refused, gone) = (0, 0, 0);
        var started = Stopwatch.GetTimestamp();
        var waiting = store.Aside(target.Name, ItemsAtOnce, after);
        foreach (var one in waiting)
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                return new ReplayOutcome(sent, refused, gone, null, after);
            }

            var (item, isKnown) = await FindAsync(reader, target, one, cancellation);
            if (!isKnown)
            {
                return new ReplayOutcome(sent, refused, gone, "waits for the projection, which says what counts", after);
            }

            if (item is null)
            {
                store.Settle(target.Name, one, isSent: false);
                gone++;
                after = one;
                continue;
            }

            var delivery = await worker.Channel.SendAsync([item], cancellation);
            switch (delivery.Verdict)
            {
                case Verdict.Delivered:
                    store.Settle(target.Name, one, isSent: true);
                    worker.State.Sent(1);
                    sent++;
                    break;
                case Verdict.Refused:
                    store.SetAside(target.Name, one with { Status = delivery.Status, Reason = delivery.Reason, At = time.GetUtcNow().ToUnixTimeMilliseconds() });
                    refused++;
                    break;
                default:
                    return new ReplayOutcome(sent, refused, gone, delivery.Reason, after);
            }

            after = one;
        }

        return new ReplayOutcome(sent, refused, gone, null, waiting.Count == ItemsAtOnce ? after : null);
    }

    private async Task<(ForwardedItem? Item, bool IsKnown)> FindAsync(ItemReader reader, ForwardTarget target, AsideItem one, CancellationToken cancellation)
    {
        var items = new List<ForwardedItem>();
        if (journal.Find(one.Position) is { } record)
        {
            reader.Read(one.Position, record, items);
        }

        // After a restore to an earlier journal another event may stand at its place: the uuid tells.
        // With the rest of its record: that says whether it is the event that sets its element's attributes.
        return await counted.OfAsync(target.Environment, items, one.Position, cancellation) is { } those
            ? (those.FirstOrDefault(item => item.Element == one.Element && item.Action == one.Action && Uuids.Format(item.Uuid) == one.Uuid), true)
            : (null, false);
    }
}
