using System.Diagnostics;
using NATS.Client.JetStream;
using NATS.Client.KeyValueStore;
using Vitrine.Cluster.Snapshots;
using Vitrine.Journal;

namespace Vitrine.Cluster.Migration;

/// <summary>The streams of a cluster into which a journal is moved, or out of which.</summary>
/// <remarks>
/// From before the first message until all is proved the journal's stream says that it is on its way, and nodes refuse to
/// start. One that was interrupted is deleted and made anew, because sequences, which are positions, begin at 1 in a new
/// stream only. Each message is published to stand behind the one before, so that none is there twice and none is left out:
/// a sequence that JetStream gives otherwise ends it.
/// </remarks>
/// <param name="cluster">Connected.</param>
/// <param name="time">The clock.</param>
internal sealed class MovingStream(ClusterConnection cluster, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly RewrittenMessages _rewritten = new(cluster);

    /// <summary>Bytes of the largest block that fits a message.</summary>
    public int MaximumMessage => cluster.MaximumMessage - StreamJournal.MaximumHeaders;

    /// <summary>Makes sure that a journal can be moved here, and changes nothing.</summary>
    /// <exception cref="ClusterException">Something is there already.</exception>
    public async Task RefuseUsedAsync(CancellationToken cancellation)
    {
        await RefuseNodesAsync(cancellation);
        switch ((await cluster.FindDescriptionAsync(cancellation))?.Moving)
        {
            case Moving.Here:
                return; // Interrupted: what is there is of no use to anybody.
            case Moving.Away:
                throw new ClusterException("The journal of this cluster was moved into a data folder. Name another cluster with --cluster-name, or delete the streams of this one.");
        }

        foreach (var name in new[] { cluster.JournalStream, cluster.CatalogStream, cluster.RewrittenStream })
        {
            if (await cluster.FindStreamAsync(name, cancellation) is { State: { LastSeq: > 0 } state })
            {
                throw new ClusterException($"The cluster is not empty: its stream {name} holds {state.Messages} messages, and has had {state.LastSeq}. A folder is moved into a cluster of its own; name another with --cluster-name.");
            }
        }

        var snapshots = new NatsObjects(cluster, time);
        if (await cluster.FindStreamAsync(snapshots.Stream, cancellation) is not null && await snapshots.ListAsync("", cancellation) is [var left, ..])
        {
            throw new ClusterException($"The cluster is not empty: {snapshots.Place} holds snapshots of another one, such as {left}. Delete the store, or name another cluster with --cluster-name.");
        }
    }

    /// <summary>Makes the streams ready for a journal; whatever an interrupted move has left goes.</summary>
    /// <param name="firstBlock">The block in which the journal begins.</param>
    /// <param name="firstPosition">Its first position.</param>
    /// <param name="place">Where snapshots of the projection are kept.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ClusterException">Something is there already.</exception>
    public async Task PrepareAsync(long firstBlock, long firstPosition, ISnapshotObjects place, CancellationToken cancellation)
    {
        var description = new StreamDescription(firstBlock, Moving.Here);
        await RefuseUsedAsync(cancellation);
        await cluster.OpenToMoveAsync(description, cancellation);
        if (cluster.Moving == Moving.Here)
        {
            await DeleteAsync(place, SharedBase.PrefixOf(cluster), cancellation);
            await DeleteAsync(new NatsObjects(cluster, time), ClusterCatalog.SnapshotPrefix, cancellation);
            await cluster.RemakeAsync(description, cancellation);
        }
        else
        {
            await cluster.DescribeAsync(description, cancellation);
        }

        if (firstPosition > 1)
        {
            await _rewritten.MarkKeptAsync(firstPosition, cancellation);
        }
    }

    /// <summary>Publishes blocks, one behind the other.</summary>
    /// <exception cref="ClusterException">JetStream does not take them.</exception>
    public async Task PublishAsync(IEnumerable<JournalGroup> blocks, Action<long> progress, CancellationToken cancellation)
    {
        var sequence = 0UL;
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            var message = StreamMessage.Write(block, MaximumMessage) ?? throw new ClusterException($"The block at position {block.FirstPosition} is larger than NATS takes.");
            await PublishAsync(message, ++sequence, cancellation);
            if (cluster.Positions.SequenceOf(block.FirstPosition) != sequence)
            {
                throw new ClusterException($"The message {sequence} is not the block of position {block.FirstPosition}.");
            }

            progress(block.LastPosition);
        }
    }

    /// <summary>Says that all is there, or that all is gone: nodes may start, or must not any more.</summary>
    public Task EndAsync(Moving moving, CancellationToken cancellation) =>
        cluster.DescribeAsync(new StreamDescription(cluster.Positions.FirstBlock, moving), cancellation);

    /// <summary>How far the streams of the journal and of the catalog have come: to see whether anybody has written meanwhile.</summary>
    /// <exception cref="ClusterException">Messages are missing that nothing takes the place of.</exception>
    public async Task<(ulong Journal, ulong Catalog)> FindEndsAsync(CancellationToken cancellation)
    {
        var journal = (await cluster.FindStreamAsync(cluster.JournalStream, cancellation))!.State;
        var first = Math.Max(1, cluster.Positions.SequenceOf(await _rewritten.FindKeptAsync(cancellation)));
        var replaced = (await _rewritten.BetweenAsync(first, journal.LastSeq + 1, cancellation)).Count;
        var expected = journal.LastSeq - Math.Min(journal.LastSeq, first - 1);
        return (ulong)journal.Messages + (ulong)replaced >= expected
            ? (journal.LastSeq, (await cluster.FindStreamAsync(cluster.CatalogStream, cancellation))!.State.LastSeq)
            : throw new ClusterException($"The journal's stream lacks {expected - (ulong)journal.Messages - (ulong)replaced} messages that were neither trimmed nor rewritten: JetStream has lost them, or somebody has deleted them. Only a whole journal can be moved.");
    }

    /// <summary>What was moved here is all there is.</summary>
    /// <exception cref="ClusterException">Somebody has changed the catalog meanwhile.</exception>
    public async Task RefuseChangesAsync(CancellationToken cancellation)
    {
        await RefuseNodesAsync(cancellation);
        if ((await FindEndsAsync(cancellation)).Catalog > 0)
        {
            throw new ClusterException("Somebody has changed the catalog of the cluster meanwhile: run it again.");
        }
    }

    /// <summary>Nobody may write meanwhile. The entry of a node that has just been stopped may still be there, and is waited for.</summary>
    /// <exception cref="ClusterException">Nodes run.</exception>
    public async Task RefuseNodesAsync(CancellationToken cancellation)
    {
        if (await cluster.FindStreamAsync($"KV_{cluster.NodesBucket}", cancellation) is null)
        {
            return; // No node ever ran here.
        }

        var bucket = await new NatsKVContext(cluster.JetStream).GetStoreAsync(cluster.NodesBucket, cancellation);
        for (var started = Stopwatch.GetTimestamp(); await FindNodeAsync(bucket, cancellation) is { } node; await Task.Delay(Pause, cancellation))
        {
            if (Stopwatch.GetElapsedTime(started) > Roster.Life + Pause)
            {
                throw new ClusterException($"Nodes of the cluster run ({node}): stop all of them first.");
            }
        }
    }

    private static async Task<string?> FindNodeAsync(INatsKVStore bucket, CancellationToken cancellation)
    {
        await foreach (var key in bucket.GetKeysAsync(cancellationToken: cancellation))
        {
            return key;
        }

        return null;
    }

    private static async Task DeleteAsync(ISnapshotObjects place, string prefix, CancellationToken cancellation)
    {
        foreach (var name in await place.ListAsync(prefix, cancellation))
        {
            await place.DeleteAsync(name, cancellation);
        }
    }

    private async Task PublishAsync(byte[] message, ulong sequence, CancellationToken cancellation)
    {
        var options = new NatsJSPubOpts { MsgId = $"moved-{sequence}", ExpectedStream = cluster.JournalStream, ExpectedLastSequence = sequence - 1, RetryAttempts = 1 };
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause, cancellation))
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(TryLimit);
                var answer = await cluster.JetStream.PublishAsync(cluster.JournalSubject(StreamJournal.NobodysSubject), message, opts: options, cancellationToken: limit.Token);
                if (answer.Error is null && answer.Seq == sequence)
                {
                    return;
                }

                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new ClusterException($"JetStream does not take the message {sequence}: {answer.Error?.Description ?? $"it became {answer.Seq}"}.");
                }
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested && fault is not ClusterException && ClusterConnection.IsUnavailable(fault) && Stopwatch.GetElapsedTime(started) < Patience)
            {
                // Once more: a leader may just be chosen.
            }
        }
    }
}
