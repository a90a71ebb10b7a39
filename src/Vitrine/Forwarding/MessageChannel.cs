namespace Vitrine.Forwarding;

/// <summary>Targets that take messages one by one: each of a delivery is acknowledged for itself.</summary>
/// <remarks>
/// A delivery holds no two items of one customer, so its messages may be on their way at once without any overtaking
/// another of its customer; what is not acknowledged is tried again before the next delivery begins.
/// </remarks>
internal abstract class MessageChannel : IChannel
{
    private const int MostItems = 256;

    /// <inheritdoc/>
    public int Take(ArraySegment<ForwardedItem> items)
    {
        var customers = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        while (count < items.Count && count < MostItems && customers.Add(items[count].CustomerId))
        {
            count++;
        }

        return count;
    }

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation)
    {
        var deliveries = await Task.WhenAll(items.Select(item => SendAsync(item, cancellation)));
        cancellation.ThrowIfCancellationRequested();
        var worst = deliveries.MaxBy(static one => one.Verdict)!;
        return worst with { Left = [.. items.Where((_, index) => deliveries[index].Verdict != Verdict.Delivered)] };
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Tries one message once, within a limit of time.</summary>
    protected abstract Task<Delivery> SendAsync(ForwardedItem item, CancellationToken cancellation);
}
