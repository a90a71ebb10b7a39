namespace Vitrine.Projection.Deduplication;

/// <summary>UUIDs that lie in shards, chosen by their hashes: what a run is made of.</summary>
internal interface IUuidShards
{
    /// <summary>Bits of a hash that choose the shard: the highest.</summary>
    const int ShardBits = 6;

    /// <summary>How many shards there are.</summary>
    const int Shards = 1 << ShardBits;

    /// <summary>How many UUIDs there are.</summary>
    long Count { get; }

    /// <summary>The UUIDs of a shard, in any order; among them may be zeros, which are none.</summary>
    ReadOnlySpan<UInt128> Shard(int shard);

    /// <summary>The shard of a UUID with this hash.</summary>
    static int Of(ulong hash) => (int)(hash >> (64 - ShardBits));
}
