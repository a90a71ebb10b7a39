using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.KeyValueStore;
using NATS.Client.ObjectStore;

namespace Vitrine.Cluster;

/// <summary>A node's connection to NATS, and what the cluster keeps there.</summary>
/// <remarks>
/// Two connections, which NATS reconnects by itself, for ever: one on which all threads publish and ask, and one for whoever
/// reads streams. A reader that is slow holds up what comes on its connection, and must not hold up acknowledgements.
/// </remarks>
internal sealed partial class ClusterConnection : IAsyncDisposable
{
    /// <summary>How long a repeated message is known by its id: a group of records is tried again for a small part of it.</summary>
    public static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(2);

    private static readonly Version OldestServer = new(2, 10); // 2.9 loses what it has acknowledged when networks are cut.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ClusterOptions _options;
    private readonly NatsConnection _connection;
    private readonly NatsConnection _reading;
    private readonly NatsJSContext _following;

    /// <summary>Prepares it; <see cref="OpenAsync"/> connects.</summary>
    public ClusterConnection(ClusterOptions options)
    {
        _options = options;
        (_connection, _reading) = (Connect(options), Connect(options));
        (JetStream, _following) = (Context(_connection), Context(_reading));

        NatsJSContext Context(NatsConnection connection) =>
            new(connection, options.Domain is { } domain ? new NatsJSOpts(connection.Opts, domain: domain) : new NatsJSOpts(connection.Opts));
    }

    /// <summary>A text of this process's own, to tell what it wrote.</summary>
    public string NodeId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What tells the cluster from all others: its name, and when its journal was made. Known once it is open.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>Which positions the messages of the journal are. Known once it is open.</summary>
    public StreamPositions Positions { get; private set; } = new(StreamDescription.Plain.FirstBlock);

    /// <summary>Whether the journal is on its way. Known once it is open.</summary>
    public Moving Moving { get; private set; }

    /// <summary>JetStream, to publish and to ask.</summary>
    public INatsJSContext JetStream { get; }

    /// <summary>The stream of the journal.</summary>
    public string JournalStream => $"{_options.Name}-journal";

    /// <summary>The stream of what takes the place of messages of the journal.</summary>
    public string RewrittenStream => $"{_options.Name}-rewritten";

    /// <summary>The stream of the catalog's changes.</summary>
    public string CatalogStream => $"{_options.Name}-catalog";

    /// <summary>The subject of the catalog's changes.</summary>
    public string CatalogSubject => $"{_options.Name}.catalog";

    /// <summary>The object store of snapshots.</summary>
    public string SnapshotsBucket => $"{_options.Name}-snapshots";

    /// <summary>The subject on which nodes are asked how far they have come with the catalog's changes.</summary>
    public string CatalogReachedSubject => $"{_options.Name}.catalog-reached";

    /// <summary>The bucket in which nodes tell of themselves.</summary>
    public string NodesBucket => $"{_options.Name}-nodes";

    /// <summary>The subject on which nodes that project are asked what is stored of a customer.</summary>
    public string LookupSubject => $"{_options.Name}.lookup";

    /// <summary>Bytes that a message may have, its headers included.</summary>
    public int MaximumMessage => _connection.ServerInfo?.MaxPayload ?? 1 << 20;

    /// <summary>The subject of an environment's records.</summary>
    public string JournalSubject(string environmentId) => $"{_options.Name}.journal.{environmentId}";

    /// <summary>The subject of what takes the place of a message of the journal.</summary>
    public string RewrittenSubject(object sequence) => $"{_options.Name}.rewritten.{sequence}";

    /// <summary>Connects, and makes the streams where there are none yet. JetStream may still be choosing its leaders.</summary>
    /// <exception cref="ClusterException">It cannot be reached within a minute, does not let the node in, which no waiting mends, or its journal is on its way.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await OpenToMoveAsync(null, cancellation);
        if (Moving != Moving.No)
        {
            throw new ClusterException(Moving == Moving.Here
                ? $"A journal is being moved into the cluster {_options.Name} by 'vitrine migrate to-cluster', and not all of it is there yet. When that was interrupted, run it again: it begins anew."
                : $"The journal of the cluster {_options.Name} was moved into a data folder by 'vitrine migrate from-cluster': start the server there. To begin a new cluster, name another one with --cluster-name, or delete the streams of this one.");
        }
    }

    private async Task<StreamInfo?> AskForStreamAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return (await JetStream.GetStreamAsync(name, cancellationToken: cancellation)).Info;
        }
        catch (NatsJSApiException fault) when (fault.Error.Code == 404)
        {
            return null;
        }
    }

    /// <summary>Connects, and does nothing else; from then on <see cref="MaximumMessage"/> is known.</summary>
    /// <exception cref="ClusterException">It cannot be reached.</exception>
    public Task ConnectAsync(CancellationToken cancellation) => UntilItAnswersAsync(async stop => await _connection.PingAsync(stop), cancellation);

    /// <summary>Takes over what is known of the journal's stream.</summary>
    private void Take(StreamInfo journal)
    {
        var description = StreamDescription.Read(journal.Config.Description);
        (Positions, Moving) = (new StreamPositions(description.FirstBlock), description.Moving);
        Identity = IdentityOf(journal);
    }

    private string IdentityOf(StreamInfo journal) => string.Create(CultureInfo.InvariantCulture, $"{_options.Name}-{journal.Created.UtcDateTime:yyyyMMdd'T'HHmmssfffffff}");

    private async Task UntilItAnswersAsync(Func<CancellationToken, Task> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartPatience);
        var reason = "no server answers";
        while (true)
        {
            try
            {
                if (_connection.ConnectionState != NatsConnectionState.Open)
                {
                    await KnockAsync(limit.Token);
                }

                await ask(limit.Token);
                return;
            }
            catch (Exception fault) when (Refusal(fault) is { } refusal)
            {
                throw new ClusterException($"NATS does not let the node in at {_options.Addresses}: {refusal}", fault);
            }
            catch (Exception fault) when (IsUnavailable(fault) && fault is not ClusterException)
            {
                reason = limit.IsCancellationRequested ? reason : Describe(fault);
                cancellation.ThrowIfCancellationRequested();
                if (limit.IsCancellationRequested)
                {
                    throw new ClusterException($"The cluster cannot be reached at {_options.Addresses}: {reason}.", fault);
                }

                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Whether a fault means that NATS, or enough of it, is not there at the moment.</summary>
    public static bool IsUnavailable(Exception fault) => fault is NatsException or OperationCanceledException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    /// <summary>A fault in words for an operator, without secrets.</summary>
    public static string Describe(Exception fault) => fault switch
    {
        NatsJSApiException api => $"JetStream says: {api.Error.Description}",
        NatsNoRespondersException or NatsJSPublishNoResponseException => "JetStream has no leader for it at the moment, or is not enabled",
        OperationCanceledException or TimeoutException => "no answer in time",
        _ => $"{fault.GetType().Name}: {fault.Message}",
    };

    /// <summary>Opens a bucket, or makes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="life">After how long an entry that is not written again is forgotten; zero: never.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<INatsKVStore> OpenBucketAsync(string name, TimeSpan life, CancellationToken cancellation) =>
        await new NatsKVContext(JetStream).CreateOrUpdateStoreAsync(
            new NatsKVConfig(name) { MaxAge = life, NumberOfReplicas = _options.Replicas, Storage = NatsKVStorageType.File, History = 1 }, cancellation);

    /// <summary>Opens the object store of snapshots, or makes it.</summary>
    public async Task<INatsObjStore> OpenObjectsAsync(CancellationToken cancellation)
    {
        var context = new NatsObjContext(JetStream);
        try
        {
            return await context.GetObjectStoreAsync(SnapshotsBucket, cancellation);
        }
        catch (NatsJSApiException fault) when (fault.Error.Code == 404)
        {
            return await context.CreateObjectStoreAsync(new NatsObjConfig(SnapshotsBucket) { NumberOfReplicas = _options.Replicas, Storage = NatsObjStorageType.File }, cancellation);
        }
    }

    /// <summary>The messages of a stream from a sequence on, in their order, and those that come later.</summary>
    public async IAsyncEnumerable<INatsJSMsg<byte[]>> FollowAsync(string stream, ulong from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var consumer = await _following.CreateOrderedConsumerAsync(stream, new NatsJSOrderedConsumerOpts { DeliverPolicy = ConsumerConfigDeliverPolicy.ByStartSequence, OptStartSeq = from }, cancellation);
        await foreach (var message in consumer.ConsumeAsync<byte[]>(opts: Following(), cancellationToken: cancellation))
        {
            yield return message;
        }
    }

    /// <summary>The first message of some subjects from a sequence on; null when there is none.</summary>
    public Task<(ulong Sequence, DateTimeOffset WrittenAt, byte[] Data)?> GetMessageAsync(string stream, ulong sequence, string subjects, CancellationToken cancellation) =>
        GetMessageAsync(stream, new StreamMsgGetRequest { Seq = sequence, NextBySubj = subjects }, cancellation);

    /// <summary>The last message of a subject; null when there is none.</summary>
    public Task<(ulong Sequence, DateTimeOffset WrittenAt, byte[] Data)?> GetLastMessageAsync(string stream, string subject, CancellationToken cancellation) =>
        GetMessageAsync(stream, new StreamMsgGetRequest { LastBySubj = subject }, cancellation);

    private async Task<(ulong Sequence, DateTimeOffset WrittenAt, byte[] Data)?> GetMessageAsync(string stream, StreamMsgGetRequest request, CancellationToken cancellation)
    {
        try
        {
            var answer = await JetStream.JSRequestResponseAsync<StreamMsgGetRequest, StreamMsgGetResponse>(
                $"{JetStream.Opts.Prefix}.STREAM.MSG.GET.{stream}", request, cancellation);
            return (answer.Message.Seq, answer.Message.Time, answer.Message.Data.ToArray());
        }
        catch (NatsJSApiException fault) when (fault.Error.Code == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reading.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>JetStream hands out no message that is larger than what is asked for at once.</summary>
    private NatsJSConsumeOpts Following() => new() { MaxBytes = Math.Max(8 << 20, 2 * MaximumMessage), IdleHeartbeat = TimeSpan.FromSeconds(1), Expires = TimeSpan.FromSeconds(5) };

    /// <summary>Connects once, looks at the server, and lets go: the connections that stay try for ever, and do not say what keeps them out.</summary>
    private async Task KnockAsync(CancellationToken cancellation)
    {
        await using var once = new NatsConnection(_connection.Opts with { RetryOnInitialConnect = false, IgnoreAuthErrorAbort = false });
        await once.ConnectAsync().AsTask().WaitAsync(cancellation);
        if (Version.TryParse(once.ServerInfo?.Version.Split('-')[0], out var version) && version < OldestServer)
        {
            throw new ClusterException($"The server of NATS at {_options.Addresses} is {version}. {OldestServer} or later is needed: earlier ones lose what they have acknowledged when networks are cut.");
        }
    }

    /// <summary>What NATS or we found wrong with who the other one is; null for any other fault.</summary>
    private static string? Refusal(Exception? fault) => fault switch
    {
        null => null,
        NatsServerException { IsAuthError: true } server => server.Error,
        AuthenticationException certificate => certificate.Message,
        CryptographicException alert => $"it does not accept our certificate ({alert.Message})", // It says so when the handshake is over.
        _ => Refusal(fault.InnerException),
    };

    private static NatsConnection Connect(ClusterOptions options) => new(new NatsOpts
    {
        Url = options.Servers!,
        Name = "vitrine",
        AuthOpts = new NatsAuthOpts { Username = options.User, Password = options.Password, Token = options.Token, CredsFile = options.CredentialsFile },
        TlsOpts = options.AuthorityFile is null && options.CertificateFile is null
            ? NatsTlsOpts.Default
            : new NatsTlsOpts { CaFile = options.AuthorityFile, CertFile = options.CertificateFile, KeyFile = options.KeyFile, Mode = TlsMode.Require },
        IgnoreAuthErrorAbort = true, // Whoever mends the credentials there does not have to start us anew.
        RetryOnInitialConnect = true,
        MaxReconnectRetry = -1,
        ReconnectWaitMin = TimeSpan.FromMilliseconds(100),
        ReconnectWaitMax = TimeSpan.FromSeconds(1),
        PingInterval = TimeSpan.FromSeconds(1), // A server that is halted keeps its connections; after three of these another one is asked.
        RequestTimeout = TimeSpan.FromSeconds(2),
        SubPendingChannelFullMode = System.Threading.Channels.BoundedChannelFullMode.Wait, // Nothing of a stream is dropped here.
    });

    private async Task<StreamInfo> EnsureAsync(StreamConfig configuration, CancellationToken cancellation)
    {
        configuration.Storage = StreamConfigStorage.File;
        configuration.NumReplicas = _options.Replicas;
        return await AskForStreamAsync(configuration.Name!, cancellation)
            ?? (await JetStream.CreateStreamAsync(configuration, cancellation)).Info; // Of two nodes that come at the same time both succeed: it is the same.
    }
}

/// <summary>The cluster cannot do what is asked of it; the message says why.</summary>
public sealed class ClusterException(string message, Exception? cause = null) : IOException(message, cause);
