using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using NATS.Client.JetStream;
using Vitrine.Cluster.Snapshots;
using Vitrine.Workspaces;

namespace Vitrine.Cluster;

/// <summary>The catalog of a cluster: a stream of changes, which every node makes in a file of its own, in the same order.</summary>
/// <remarks>
/// <para>
/// A change is published, and made by each node when it comes to it. Whether it is refused, or finds another revision than
/// it expects, depends on the changes before it alone, so all nodes come to the same; the one that published it waits for
/// its own, then for the others (<see cref="CatalogProgress"/>), and answers with what came of it. Several documents and
/// their entry of the audit log are one message, so there is never a part of them.
/// </para>
/// <para>
/// A node's file is made anew at each start: from the last snapshot (<see cref="CatalogSnapshots"/>), and from the beginning
/// of the stream where there is none. A node that was away for so long that the stream begins later than it has come takes
/// a snapshot over, too. Reads go to the file and never to the network. The loop that follows the stream raises <see cref="Catalog.DocumentsChanged"/>, and answers whoever waits behind that.
/// </para>
/// <para>
/// A change that is not acknowledged is refused with a <see cref="ClusterException"/>, and may be made all the same when the
/// cluster is back: looking tells.
/// </para>
/// </remarks>
internal sealed partial class ClusterCatalog : Catalog
{
    /// <summary>With which the names of its snapshots begin.</summary>
    public const string SnapshotPrefix = "catalog/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CatalogFile _file;
    private readonly ClusterConnection _cluster;
    private readonly CatalogProgress _progress;
    private readonly SnapshotSeries _snapshots;
    private readonly string _path;
    private readonly Lock _making = new(); // What is copied is as of one change.
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterCatalog> _logger;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Outcome>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _caughtUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _following;
    private ulong _next = 1;
    private bool _isVisit; // Nothing else uses the connection, nor the file.

    /// <summary>Reads the stream to its present end, and follows it from then on.</summary>
    /// <param name="cluster">Where the stream is.</param>
    /// <param name="roster">The nodes that a change is waited for at.</param>
    /// <param name="path">The node's file; what is there is written over.</param>
    /// <param name="time">The clock that says as of when this node's changes are made.</param>
    /// <param name="logger">Told of interruptions.</param>
    /// <exception cref="ClusterException">The stream cannot be read.</exception>
    public ClusterCatalog(ClusterConnection cluster, Roster roster, string path, TimeProvider time, ILogger<ClusterCatalog> logger)
        : this(cluster, roster, NewFile(path), path, time, logger)
    {
    }

    private ClusterCatalog(ClusterConnection cluster, Roster roster, CatalogFile file, string path, TimeProvider time, ILogger<ClusterCatalog> logger)
        : base(file)
    {
        (_cluster, _file, _path, _time, _logger) = (cluster, file, path, time, logger);
        _progress = new CatalogProgress(cluster, roster, logger);
        _snapshots = new SnapshotSeries(new NatsObjects(cluster, time), SnapshotPrefix);
        _following = Task.Run(FollowAsync);
        if (!_caughtUp.Task.Wait(StartPatience))
        {
            throw new ClusterException("The catalog of the cluster cannot be read.");
        }
    }

    /// <summary>Joins a cluster for its catalog alone, with a file that is deleted in the end.</summary>
    /// <exception cref="ClusterException">It cannot be reached.</exception>
    public static ClusterCatalog Visit(ClusterOptions options, string path, ILogger<ClusterCatalog> logger)
    {
        var cluster = new ClusterConnection(options);
        var roster = new Roster(cluster);
        Task.Run(async () =>
        {
            await cluster.OpenAsync(CancellationToken.None);
            await roster.VisitAsync();
        }).GetAwaiter().GetResult();
        return new ClusterCatalog(cluster, roster, path, TimeProvider.System, logger) { _isVisit = true };
    }

    /// <inheritdoc/>
    public override bool Refresh() => false; // Changes come by themselves.

    private protected override void Close()
    {
        _stopping.Cancel();
        _following.GetAwaiter().GetResult();
        _stopping.Dispose();
        Task.Run(async () =>
        {
            await _progress.DisposeAsync();
            if (_isVisit)
            {
                await _cluster.DisposeAsync();
            }
        }).GetAwaiter().GetResult();
    }

    private protected override void Closed()
    {
        if (_isVisit)
        {
            DeleteFile(_path);
        }
    }

    private protected override IReadOnlyList<CatalogDocument>? Make(CatalogChange change)
    {
        var entry = new CatalogEntry(Guid.NewGuid().ToString("N"), _time.GetUtcNow(), change);
        var outcome = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[entry.Id] = outcome;
        try
        {
            return Task.Run(() => MakeAsync(entry, outcome.Task)).GetAwaiter().GetResult();
        }
        finally
        {
            _waiting.TryRemove(entry.Id, out _);
        }
    }

    private async Task<IReadOnlyList<CatalogDocument>?> MakeAsync(CatalogEntry entry, Task<Outcome> outcome)
    {
        var made = await PublishAsync(entry, outcome);
        if (made.Documents is not null)
        {
            await _progress.WaitForOthersAsync(made.Sequence);
        }

        return made.Documents;
    }

    private async Task<Outcome> PublishAsync(CatalogEntry entry, Task<Outcome> outcome)
    {
        var message = JsonSerializer.SerializeToUtf8Bytes(entry, ClusterJson.Default.CatalogEntry);
        var options = new NatsJSPubOpts { MsgId = entry.Id, ExpectedStream = _cluster.CatalogStream };
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause))
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                var answer = await _cluster.JetStream.PublishAsync(_cluster.CatalogSubject, message, opts: options, cancellationToken: limit.Token);
                return answer.Error is null ? await outcome.WaitAsync(Patience) : throw new NatsJSApiException(answer.Error);
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
            {
                if (Stopwatch.GetElapsedTime(started) > Patience)
                {
                    throw new ClusterException($"The cluster does not take changes: {ClusterConnection.Describe(fault)}. Look whether this one was made before you make it again.", fault);
                }
            }
        }
    }

    private async Task FollowAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var state = (await _cluster.JetStream.GetStreamAsync(_cluster.CatalogStream, cancellationToken: _stopping.Token)).Info.State;
                if (_next == 1 || state.FirstSeq > _next)
                {
                    await TakeOverAsync(state.FirstSeq);
                    await _progress.ReachedAsync(_next - 1);
                }

                NoteCaughtUp(state.LastSeq);
                await foreach (var message in _cluster.FollowAsync(_cluster.CatalogStream, _next, _stopping.Token))
                {
                    var sequence = message.Metadata!.Value.Sequence.Stream;
                    if (sequence > _next)
                    {
                        break; // Trimmed meanwhile.
                    }

                    Make(JsonSerializer.Deserialize(message.Data, ClusterJson.Default.CatalogEntry)!, sequence);
                    await _progress.ReachedAsync(sequence);
                    NoteCaughtUp(state.LastSeq);
                }
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Interrupted(ClusterConnection.Describe(fault));
            }

            await Task.WhenAny(Task.Delay(Pause, _stopping.Token));
        }
    }

    /// <summary>Makes a change here; whoever published it from here is told what came of it.</summary>
    private void Make(CatalogEntry entry, ulong sequence)
    {
        IReadOnlyList<CatalogDocument>? documents = null;
        CatalogException? refusal = null;
        try
        {
            lock (_making)
            {
                _next++; // Made once, whatever those do who are told of it.
                documents = _file.Make(entry.Change, entry.At);
            }
        }
        catch (CatalogException fault)
        {
            refusal = fault;
        }

        if (documents is { Count: > 0 })
        {
            TellFollowers();
        }

        if (_waiting.TryGetValue(entry.Id, out var outcome))
        {
            _ = refusal is null ? outcome.TrySetResult(new Outcome(documents, sequence)) : outcome.TrySetException(refusal);
        }
    }

    /// <summary>Those who follow documents are told; one that throws, which none may, keeps nobody from the changes behind.</summary>
    private void TellFollowers()
    {
        try
        {
            TellChanged();
        }
        catch (Exception fault)
        {
            NotTakenOver(fault);
        }
    }

    private void NoteCaughtUp(ulong last)
    {
        if (_next > last)
        {
            _caughtUp.TrySetResult();
        }
    }

    private static CatalogFile NewFile(string path)
    {
        DeleteFile(path);
        return new CatalogFile(path);
    }

    private static void DeleteFile(string path)
    {
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(path + suffix);
        }
    }

    /// <summary>What came of a change.</summary>
    /// <param name="Documents">What it wrote; null where what it expects was not so any more.</param>
    /// <param name="Sequence">Of its message.</param>
    private readonly record struct Outcome(IReadOnlyList<CatalogDocument>? Documents, ulong Sequence);

    [LoggerMessage(LogLevel.Error, "A change of the catalog was made and not taken over; it is with the next one")]
    private partial void NotTakenOver(Exception fault);

    [LoggerMessage(LogLevel.Warning, "Following the catalog's changes was interrupted ({Reason}); it goes on where it was")]
    private partial void Interrupted(string reason);
}
