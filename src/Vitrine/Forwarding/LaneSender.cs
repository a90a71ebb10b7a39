using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Sends a lane: one delivery after another, each until the target has it or refuses it for good.</summary>
/// <remarks>
/// Order: the next delivery begins when nothing of the last is left, so nothing of a customer overtakes. What is refused
/// is halved, the first half before the second, until the one item is found that is refused alone; that is set aside, and
/// all others have been sent in their order. What fails is tried again for ever, with pauses that double; only stopping
/// the server ends that, and then the bookmark has not moved.
/// </remarks>
internal sealed class LaneSender(IChannel channel, TargetState state, BatchOutcome outcome, bool compare, ForwardingOptions options, TimeProvider time)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromHours(1);

    /// <summary>Sends all of a lane.</summary>
    public async Task SendAsync(ForwardedItem[] lane, CancellationToken cancellation)
    {
        for (var start = 0; start < lane.Length;)
        {
            var rest = new ArraySegment<ForwardedItem>(lane, start, lane.Length - start);
            var count = channel.Take(rest);
            await DeliverAsync(rest[..count], compare, cancellation);
            start += count;
        }
    }

    private async Task DeliverAsync(IReadOnlyList<ForwardedItem> items, bool isCompared, CancellationToken cancellation)
    {
        var delivery = await TryAsync(items, cancellation);
        if (isCompared)
        {
            outcome.Compare(items[0].ReceivedAt, delivery.Status, items[0].Position);
        }

        if (delivery.Verdict == Verdict.Delivered)
        {
            return;
        }

        var refused = delivery.Left!;
        if (refused is [var poison])
        {
            outcome.SetAside(new AsideItem(
                poison.Position, poison.Element, poison.Action, Uuids.Format(poison.Uuid), poison.Kind.Name(), delivery.Status, delivery.Reason, time.GetUtcNow().ToUnixTimeMilliseconds()));
            return;
        }

        var half = refused.Count / 2;
        await DeliverAsync([.. refused.Take(half)], isCompared: false, cancellation);
        await DeliverAsync([.. refused.Skip(half)], isCompared: false, cancellation);
    }

    /// <summary>Tries until there is a verdict; of a refusal says what is refused.</summary>
    private async Task<Delivery> TryAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation)
    {
        var pause = options.ShortestPause;
        var hasFailed = false;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var delivery = await channel.SendAsync(items, cancellation);
                var left = delivery.Verdict == Verdict.Delivered ? [] : delivery.Left ?? items;
                outcome.Deliver(items.Count - left.Count);
                state.Sent(items.Count - left.Count);
                if (delivery.Verdict != Verdict.Failed)
                {
                    return delivery with { Left = left };
                }

                state.Failed(delivery.Reason, isFirst: !hasFailed);
                (items, hasFailed) = (left, true);
                await Task.Delay(Longer(pause, delivery.RetryAfter), time, cancellation);
                pause = pause * 2 < options.LongestPause ? pause * 2 : options.LongestPause;
            }
        }
        finally
        {
            if (hasFailed)
            {
                state.Recovered();
            }
        }
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) =>
        asked is not { } wish || wish <= pause ? pause : wish < MostPatience ? wish : MostPatience;
}
