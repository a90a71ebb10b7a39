using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Vitrine.Forwarding;

/// <summary>Deals a batch to lanes: one customer's items all into the same, in their order.</summary>
internal static class Lanes
{
    /// <summary>The lanes that have something.</summary>
    /// <param name="items">In the order of the journal.</param>
    /// <param name="count">How many lanes there are at most.</param>
    /// <param name="keepRecordsTogether">Whether the items of one record go into the same lane, and with them all that their customers did.</param>
    public static IReadOnlyList<ForwardedItem[]> Deal(IReadOnlyList<ForwardedItem> items, int count, bool keepRecordsTogether)
    {
        var heads = keepRecordsTogether ? Heads(items) : null;
        var lanes = new List<ForwardedItem>[count];
        foreach (var item in items)
        {
            var lane = (int)(Hash(heads is null ? item.CustomerId : Head(heads, item.CustomerId)) % (uint)count);
            (lanes[lane] ??= []).Add(item);
        }

        return [.. lanes.Where(static lane => lane is not null).Select(static lane => lane.ToArray())];
    }

    private static ulong Hash(string customerId) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(customerId.AsSpan()));

    /// <summary>Customers who stand in one record belong together, and with whom else they do: each points to another of them, or to itself.</summary>
    private static Dictionary<string, string> Heads(IReadOnlyList<ForwardedItem> items)
    {
        var heads = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < items.Count; index++)
        {
            heads.TryAdd(items[index].CustomerId, items[index].CustomerId);
            if (index > 0 && items[index - 1].Position == items[index].Position)
            {
                heads[Head(heads, items[index].CustomerId)] = Head(heads, items[index - 1].CustomerId);
            }
        }

        return heads;
    }

    private static string Head(Dictionary<string, string> heads, string customer)
    {
        while (heads[customer] is var next && next != customer)
        {
            heads[customer] = heads[next]; // The way is shorter the next time.
            customer = next;
        }

        return customer;
    }
}
