using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>A stretch of buckets that belong to a variation.</summary>
/// <param name="From">The first bucket.</param>
/// <param name="To">The one behind the last.</param>
/// <param name="Variation">The variation's id.</param>
public sealed record BucketRange(
    [property: JsonPropertyName("from")] int From,
    [property: JsonPropertyName("to")] int To,
    [property: JsonPropertyName("variation")] string Variation);

/// <summary>Which variation of an audience each bucket belongs to.</summary>
/// <remarks>
/// A user's bucket never changes (<see cref="Assignment"/>). When shares change, a variation that shrinks gives up its
/// highest buckets, those given up are dealt from the lowest one to the variations that grow, in their order, and all
/// others stay with whom they were: so the users who see something else are as few as can be, half the sum of the
/// differences of the shares.
/// </remarks>
/// <param name="Ranges">All buckets in order.</param>
public sealed record Allocation([property: JsonPropertyName("ranges")] IReadOnlyList<BucketRange> Ranges)
{
    /// <summary>Shares in steps of 0.01 %.</summary>
    public const int Buckets = 10_000;

    /// <summary>Deals the buckets anew.</summary>
    /// <param name="shares">The variations in order, each with its number of buckets; together all.</param>
    /// <param name="before">How they were dealt; null the first time.</param>
    public static Allocation Of(IReadOnlyList<(string Variation, int Buckets)> shares, Allocation? before)
    {
        var owners = before?.Owners() ?? new string?[Buckets];
        var missing = shares.ToDictionary(static share => share.Variation, static share => share.Buckets);
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (owners[bucket] is { } owner && missing.TryGetValue(owner, out var left) && left > 0)
            {
                missing[owner] = left - 1;
            }
            else
            {
                owners[bucket] = null;
            }
        }

        var growing = new Queue<string>(shares.SelectMany(share => Enumerable.Repeat(share.Variation, missing[share.Variation])));
        return Of([.. owners.Select(owner => owner ?? growing.Dequeue())]);
    }

    /// <summary>The variation of each bucket.</summary>
    public string?[] Owners()
    {
        var owners = new string?[Buckets];
        foreach (var range in Ranges)
        {
            Array.Fill(owners, range.Variation, range.From, range.To - range.From);
        }

        return owners;
    }

    private static Allocation Of(string[] owners)
    {
        var ranges = new List<BucketRange>();
        for (var from = 0; from < owners.Length;)
        {
            var to = from + 1;
            while (to < owners.Length && owners[to] == owners[from])
            {
                to++;
            }

            ranges.Add(new BucketRange(from, to, owners[from]));
            from = to;
        }

        return new Allocation(ranges);
    }
}
