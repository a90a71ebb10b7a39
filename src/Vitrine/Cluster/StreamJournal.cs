using NATS.Client.JetStream.Models;
using Vitrine.Journal;

namespace Vitrine.Cluster;

/// <summary>The journal of a cluster: a stream of NATS JetStream, to which all nodes write and from which any may read.</summary>
/// <remarks>
/// <para>
/// Why an answer may be trusted: the only place that answers <see cref="AppendOutcome.Durable"/> stands behind an
/// acknowledgement of JetStream, which a stream's leader gives once a majority of its replicas have the message. Groups of
/// one environment are one message each, whole or not there at all.
/// </para>
/// <para>
/// Once: a message has an id of its own, by which JetStream knows it again within <see cref="ClusterConnection.DuplicateWindow"/>.
/// What is not acknowledged is sent again with the same id for <see cref="Patience"/>, and then answered as
/// unwritable. It may have been stored all the same; its clients were not answered 200, send their events again, and the
/// projection, which remembers uuids over everything retained, drops those.
/// </para>
/// <para>
/// Order: a message's sequence is the order of the journal, for all nodes the same. Requests that were under way at the same
/// time may come in any order; one that was answered stands before all that began after it.
/// </para>
/// <para>
/// Threads: <see cref="AppendAsync"/> queues under a lock held for a few instructions; sending goes on on the thread pool.
/// Readers hold cursors (<see cref="StreamCursor"/>), each for the one that follows it.
/// </para>
/// </remarks>
internal sealed partial class StreamJournal : IJournal
{
    private readonly ClusterConnection _cluster;
    private readonly RewrittenMessages _rewritten;
    private readonly JournalOptions _options;
    private readonly JournalMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<StreamJournal> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _fatal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _head;
    private long _firstPosition;

    /// <summary>Opens the stream, which must be there.</summary>
    public StreamJournal(ClusterConnection cluster, JournalOptions options, JournalMetrics metrics, TimeProvider time, ILogger<StreamJournal> logger)
    {
        (_cluster, _options, _metrics, _time, _logger) = (cluster, options, metrics, time, logger);
        _rewritten = new RewrittenMessages(cluster);
        Task.Run(async () =>
        {
            await NoteTrimmedAsync(_stopping.Token);
            Reach((await FindStateAsync(_stopping.Token)).LastSeq);
        }).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public long FirstPosition => Volatile.Read(ref _firstPosition);

    /// <inheritdoc/>
    public long Head => Volatile.Read(ref _head);

    /// <inheritdoc/>
    public Task<string> Fatal => _fatal.Task;

    /// <inheritdoc/>
    public JournalHealth Health => Volatile.Read(ref _health);

    /// <inheritdoc/>
    public long MaximumRecord => _cluster.MaximumMessage - MaximumHeaders - StreamMessage.Overhead;

    /// <inheritdoc/>
    public long CountBehind(long position) => Math.Max(0, (long)_cluster.Positions.SequenceOf(Head) - (long)_cluster.Positions.SequenceAfter(position) + 1);

    /// <inheritdoc/>
    public async ValueTask<long> FindHeadAsync(CancellationToken cancellation)
    {
        try
        {
            Reach((await FindStateAsync(cancellation)).LastSeq);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && ClusterConnection.IsUnavailable(fault))
        {
            // What is known of here can still be told; nothing newer is acknowledged by anybody while there is no leader.
        }

        return Head;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task[] underWay;
        lock (_gate)
        {
            _closing = true;
            underWay = [.. _sending];
        }

        await Task.WhenAll(underWay);
        await _stopping.CancelAsync();
        await _probing;
        await CloseCursorsAsync();
        _stopping.Dispose();
    }

    private async Task<StreamState> FindStateAsync(CancellationToken cancellation) =>
        (await _cluster.JetStream.GetStreamAsync(_cluster.JournalStream, cancellationToken: cancellation)).Info.State;

    /// <summary>Takes over from where on the stream is kept.</summary>
    private async Task NoteTrimmedAsync(CancellationToken cancellation) =>
        Volatile.Write(ref _firstPosition, await _rewritten.FindKeptAsync(cancellation));

    /// <summary>Messages are missing that have nothing in their place: they were trimmed, or lost by JetStream.</summary>
    private async Task NoteMissingAsync(ulong from, ulong before, CancellationToken cancellation)
    {
        await NoteTrimmedAsync(cancellation);
        var kept = _cluster.Positions.SequenceOf(FirstPosition);
        if (before > kept)
        {
            Lost(Math.Max(from, kept), before - 1);
        }
    }

    /// <summary>A message is known to be there.</summary>
    private void Reach(ulong sequence)
    {
        var position = _cluster.Positions.LastOf(sequence);
        for (var known = Head; known < position; known = Head)
        {
            Interlocked.CompareExchange(ref _head, position, known);
        }
    }

    [LoggerMessage(LogLevel.Critical, "JetStream has lost messages {First} to {Last} of the journal's stream, or somebody has deleted them; what goes on is without them")]
    private partial void Lost(ulong first, ulong last);
}
