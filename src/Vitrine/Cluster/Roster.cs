using System.Collections.Immutable;
using System.Text.Json;
using NATS.Client.KeyValueStore;

namespace Vitrine.Cluster;

/// <summary>The nodes that are there, as far as this process has seen: each has an entry in a bucket, and so has whoever leads.</summary>
/// <remarks>Any thread may ask; one looks. An entry that is not written again is forgotten after <see cref="Life"/>.</remarks>
internal sealed class Roster(ClusterConnection cluster)
{
    /// <summary>The key of the entry of whoever leads.</summary>
    public const string LeaderKey = "leader";

    /// <summary>After how long a node is forgotten that does not renew its entry.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private const string NodePrefix = "node.";
    private Seen _seen = new(ImmutableDictionary<string, KnownNode>.Empty, null);

    /// <summary>All nodes, this one too once it has entered itself.</summary>
    public IEnumerable<KnownNode> Nodes => Volatile.Read(ref _seen).Nodes.Values;

    /// <summary>All nodes but this one.</summary>
    public IEnumerable<KnownNode> Others => Nodes.Where(node => node.Id != cluster.NodeId);

    /// <summary>Who leads; null: nobody at the moment.</summary>
    public string? Leader => Volatile.Read(ref _seen).Leader;

    /// <summary>Opens the bucket, or makes it.</summary>
    public Task<INatsKVStore> OpenAsync(CancellationToken cancellation) => cluster.OpenBucketAsync(cluster.NodesBucket, Life, cancellation);

    /// <summary>Writes, or renews, the entry of a node.</summary>
    public static async Task EnterAsync(INatsKVStore bucket, NodeEntry node, CancellationToken cancellation) =>
        await bucket.PutAsync(NodePrefix + node.Id, JsonSerializer.SerializeToUtf8Bytes(node, ClusterJson.Default.NodeEntry), cancellationToken: cancellation);

    /// <summary>Deletes the entry of a node, so that nobody waits for one that is gone on purpose.</summary>
    public static async Task LeaveAsync(INatsKVStore bucket, string id, CancellationToken cancellation) =>
        await bucket.DeleteAsync(NodePrefix + id, cancellationToken: cancellation);

    /// <summary>Takes over what the bucket says now.</summary>
    public async Task LookAsync(INatsKVStore bucket, CancellationToken cancellation)
    {
        var before = Volatile.Read(ref _seen).Nodes;
        var nodes = ImmutableDictionary.CreateBuilder<string, KnownNode>();
        string? leader = null;
        await foreach (var key in bucket.GetKeysAsync(cancellationToken: cancellation))
        {
            if (await bucket.TryGetEntryAsync<byte[]>(key, cancellationToken: cancellation) is not { Success: true, Value: { Value: { } value, Revision: var revision } }
                || JsonSerializer.Deserialize(value, ClusterJson.Default.NodeEntry) is not { } entry)
            {
                continue;
            }

            if (key == LeaderKey)
            {
                leader = entry.Id;
            }
            else
            {
                nodes[entry.Id] = before.TryGetValue(entry.Id, out var known) && known.Revision == revision ? known : new KnownNode(entry, revision);
            }
        }

        Volatile.Write(ref _seen, new Seen(nodes.ToImmutable(), leader));
    }

    /// <summary>Looks once, for a process that is no node; where nothing can be seen there is nobody.</summary>
    public async Task VisitAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Life);
            await LookAsync(await new NatsKVContext(cluster.JetStream).GetStoreAsync(cluster.NodesBucket, limit.Token), limit.Token);
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
        {
            // No node has come yet.
        }
    }

    /// <summary>What was seen at one time.</summary>
    private sealed record Seen(ImmutableDictionary<string, KnownNode> Nodes, string? Leader);
}
