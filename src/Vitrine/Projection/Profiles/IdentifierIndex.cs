namespace Vitrine.Projection.Profiles;

/// <summary>A customer whose profile carries an identifier, ordered by who was updated last; of equals, who appeared last.</summary>
internal readonly record struct IdentifierCarrier(long UpdatedAt, int Customer, TextKey Key) : IComparable<IdentifierCarrier>
{
    /// <inheritdoc/>
    public int CompareTo(IdentifierCarrier other) =>
        UpdatedAt != other.UpdatedAt ? UpdatedAt.CompareTo(other.UpdatedAt) : Customer.CompareTo(other.Customer);
}

/// <summary>Who carries an identifier now, and of several customers who was updated last.</summary>
/// <remarks>
/// An identifier that one customer carries costs 44–88 bytes and no object. Only of those that several share are all
/// carriers kept in order, in some hundred bytes each, so that the next one is known when the last one gives it up: the
/// order is that of the projection's table, so it is the same after a start. Shards have locks of their own, held for a
/// look-up. One thread at a time changes it, any may ask.
/// </remarks>
/// <param name="carrierOf">The carrier that a key names.</param>
internal sealed class IdentifierIndex(Func<TextKey, IdentifierCarrier> carrierOf)
{
    private readonly Shard[] _shards = [.. Enumerable.Range(0, ProfileStore.Shards).Select(static _ => new Shard())];

    /// <summary>The key of the customer who carries an identifier and was updated last. False when nobody does.</summary>
    public bool TryFind(TextKey identifier, out TextKey customer)
    {
        var shard = Of(identifier);
        lock (shard.Gate)
        {
            return shard.Last.TryGetValue(identifier, out customer);
        }
    }

    /// <summary>Notes that a customer carries an identifier, who did not.</summary>
    public void Add(TextKey identifier, in IdentifierCarrier carrier)
    {
        var shard = Of(identifier);
        lock (shard.Gate)
        {
            if (shard.Last.TryAdd(identifier, carrier.Key))
            {
                return;
            }

            if (!shard.Shared.TryGetValue(identifier, out var carriers))
            {
                shard.Shared.Add(identifier, carriers = [carrierOf(shard.Last[identifier])]);
            }

            carriers.Add(carrier);
            shard.Last[identifier] = carriers.Max.Key;
        }
    }

    /// <summary>Notes that a customer who carries an identifier was updated.</summary>
    /// <param name="identifier">Which.</param>
    /// <param name="before">As he was noted.</param>
    /// <param name="now">As he is to be noted.</param>
    public void Update(TextKey identifier, in IdentifierCarrier before, in IdentifierCarrier now)
    {
        var shard = Of(identifier);
        lock (shard.Gate)
        {
            if (shard.Shared.TryGetValue(identifier, out var carriers))
            {
                carriers.Remove(before);
                carriers.Add(now);
                shard.Last[identifier] = carriers.Max.Key;
            }
        }
    }

    /// <summary>Notes that a customer no longer carries an identifier.</summary>
    /// <param name="identifier">Which.</param>
    /// <param name="carrier">As he was noted.</param>
    public void Remove(TextKey identifier, in IdentifierCarrier carrier)
    {
        var shard = Of(identifier);
        lock (shard.Gate)
        {
            if (!shard.Shared.TryGetValue(identifier, out var carriers))
            {
                shard.Last.Remove(identifier);
                return;
            }

            carriers.Remove(carrier);
            shard.Last[identifier] = carriers.Max.Key;
            if (carriers.Count == 1)
            {
                shard.Shared.Remove(identifier);
            }
        }
    }

    private Shard Of(TextKey identifier) => _shards[identifier.High % ProfileStore.Shards];

    private sealed class Shard
    {
        public Lock Gate { get; } = new();

        public Dictionary<TextKey, TextKey> Last { get; } = [];

        public Dictionary<TextKey, SortedSet<IdentifierCarrier>> Shared { get; } = [];
    }
}
