using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Sends a lane: one delivery after another, each until the target has it or refuses it for good.</summary>
/// <remarks>
/// <para>
/// Order: the next delivery begins when nothing of the last is left, so nothing of a customer overtakes. What is refused
/// is halved, the first half before the second, until the one item is found that is refused alone; that is set aside, and
/// all others have been sent in their order. What fails is tried again for ever, with pauses that double; only stopping
/// the server ends that, and then the bookmark has not moved.
/// </para>
/// <para>
/// A target that is dead for days leaves what is at hand as old: whatever was looked at longer ago than
/// <see cref="ForwardingOptions.Freshness"/> is looked at again before it is sent, so that nobody is sent who was erased.
/// </para>
/// </remarks>
/// <param name="channel">How the target is spoken to.</param>
/// <param name="stillCounted">What of some items still counts; null: that cannot be told now.</param>
/// <param name="state">Who is told how it goes.</param>
/// <param name="outcome">What comes of the batch.</param>
/// <param name="compare">Whether answers are compared with ours.</param>
/// <param name="options">Pauses.</param>
/// <param name="time">The clock.</param>
internal sealed class LaneSender(
    IChannel channel, Func<IReadOnlyList<ForwardedItem>, Task<IReadOnlyList<ForwardedItem>?>> stillCounted, TargetState state, BatchOutcome outcome, bool compare, ForwardingOptions options, TimeProvider time)
{
    private static readonly TimeSpan MostPatience = TimeSpan.FromHours(1);

    /// <summary>Sends all of a lane, whose items have just been looked at.</summary>
    public async Task SendAsync(ForwardedItem[] lane, CancellationToken cancellation)
    {
        var looked = time.GetTimestamp();
        for (var start = 0; start < lane.Length;)
        {
            if (IsStale(looked) && await stillCounted(new ArraySegment<ForwardedItem>(lane, start, lane.Length - start)) is { } rest)
            {
                (lane, start, looked) = ([.. rest], 0, time.GetTimestamp());
                if (lane.Length == 0)
                {
                    return;
                }
            }

            var items = new ArraySegment<ForwardedItem>(lane, start, lane.Length - start);
            var count = channel.Take(items);
            await DeliverAsync(items[..count], looked, compare, cancellation);
            start += count;
        }
    }

    private async Task DeliverAsync(IReadOnlyList<ForwardedItem> items, long looked, bool isCompared, CancellationToken cancellation)
    {
        var delivery = await TryAsync(items, looked, cancellation);
        if (isCompared && delivery.Status > 0)
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
        await DeliverAsync([.. refused.Take(half)], looked, isCompared: false, cancellation);
        await DeliverAsync([.. refused.Skip(half)], looked, isCompared: false, cancellation);
    }

    /// <summary>Tries until there is a verdict; of a refusal says what is refused.</summary>
    private async Task<Delivery> TryAsync(IReadOnlyList<ForwardedItem> items, long looked, CancellationToken cancellation)
    {
        var pause = options.ShortestPause;
        var hasFailed = false;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                var delivery = await TryOnceAsync(items, looked, cancellation);
                var left = delivery.Verdict == Verdict.Delivered ? [] : delivery.Left ?? items;
                if (delivery.Verdict != Verdict.Failed)
                {
                    return delivery with { Left = left };
                }

                state.Failed(delivery.Reason, isFirst: !hasFailed);
                (items, hasFailed) = (left, true);
                await Task.Delay(Longer(pause, delivery.RetryAfter), time, cancellation);
                pause = options.After(pause);
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

    /// <summary>One try with what still counts.</summary>
    private async Task<Delivery> TryOnceAsync(IReadOnlyList<ForwardedItem> items, long looked, CancellationToken cancellation)
    {
        var sent = IsStale(looked) ? await stillCounted(items) : items;
        if (sent is null)
        {
            return new Delivery(Verdict.Failed, 0, "waits for the projection, which says what still counts") { Left = items };
        }

        if (sent.Count == 0)
        {
            return new Delivery(Verdict.Delivered, 0, "nothing is left of it");
        }

        var delivery = await channel.SendAsync(sent, cancellation);
        var left = delivery.Verdict == Verdict.Delivered ? [] : delivery.Left ?? sent;
        outcome.Deliver(sent.Count - left.Count);
        state.Sent(sent.Count - left.Count);
        return delivery with { Left = left };
    }

    private bool IsStale(long looked) => time.GetElapsedTime(looked) > options.Freshness;

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) =>
        asked is not { } wish || wish <= pause ? pause : wish < MostPatience ? wish : MostPatience;
}
