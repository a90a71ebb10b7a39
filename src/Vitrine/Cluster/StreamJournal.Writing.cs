using System.Diagnostics;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using Vitrine.Journal;

namespace Vitrine.Cluster;

internal sealed partial class StreamJournal
{
    /// <summary>How long one try may take.</summary>
    private static readonly TimeSpan TryLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long a group is tried before its clients are told that it could not be stored: longer than the choosing of a new leader takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    /// <summary>The subject of messages without records, which no environment has.</summary>
    public const string NobodysSubject = "-";

    /// <summary>Messages of one environment on their way at once: as long as so many are, others gather to the next.</summary>
    private const int MostUnderWay = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<Task> _sending = [];
    private JournalHealth _health = JournalHealth.Good;
    private Task _probing = Task.CompletedTask;
    private long _messages;
    private long _queuedBytes;
    private bool _closing;

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(string environmentId, PendingRecord record)
    {
        lock (_gate)
        {
            if (_closing || !_health.Writable)
            {
                return new(new AppendResult(_closing ? AppendOutcome.Closing : AppendOutcome.Unwritable, 0));
            }

            if (_queuedBytes + record.Body.Length > _options.QueueBytes)
            {
                return new(new AppendResult(AppendOutcome.Overloaded, 0));
            }

            var answer = record.Arm();
            _queuedBytes += record.Body.Length;
            if (!_lanes.TryGetValue(environmentId, out var lane))
            {
                _lanes.Add(environmentId, lane = new Lane(_cluster.JournalSubject(environmentId)));
            }

            lane.Waiting.Enqueue(record);
            if (lane.UnderWay < MostUnderWay)
            {
                lane.UnderWay++;
                Track(Task.Run(() => SendAsync(lane)));
            }

            return answer;
        }
    }

    /// <summary>Sends group after group of an environment, as long as something waits.</summary>
    private async Task SendAsync(Lane lane)
    {
        while (Take(lane) is { } group)
        {
            var started = Stopwatch.GetTimestamp();
            var bytes = group.Sum(static record => record.Body.Length); // Its owner takes a record back with the answer.
            var (outcome, sequence) = await StoreAsync(lane.Subject, group);
            if (outcome == AppendOutcome.Durable)
            {
                _metrics.Committed(group.Length, bytes, Stopwatch.GetElapsedTime(started));
            }
            else
            {
                _metrics.Refused(group.Length);
            }

            lock (_gate)
            {
                _queuedBytes -= bytes;
            }

            GroupAnswer.Queue(group, outcome, _cluster.Positions.FirstOf(sequence));
        }
    }

    /// <summary>Stores a group; whatever goes wrong, its clients are answered.</summary>
    private async Task<(AppendOutcome Outcome, ulong Sequence)> StoreAsync(string subject, PendingRecord[] group)
    {
        try
        {
            return StreamMessage.Write(group, _cluster.MaximumMessage - MaximumHeaders) is { } message
                ? await StoreAsync(subject, message)
                : TooLarge(group);
        }
        catch (Exception fault)
        {
            Fail($"{fault.GetType().Name}: {fault.Message}");
            return (AppendOutcome.Unwritable, 0);
        }
    }

    /// <summary>What waits, as far as it fits one message; null when nothing does, and then nobody sends for the lane.</summary>
    private PendingRecord[]? Take(Lane lane)
    {
        lock (_gate)
        {
            if (lane.Waiting.Count == 0)
            {
                lane.UnderWay--;
                return null;
            }

            var group = new List<PendingRecord>();
            var (bytes, most) = (0, Math.Min(GroupBytes, MaximumRecord - (StreamPositions.RecordsOfMessage * StreamMessage.Overhead)));
            while (group.Count < StreamPositions.RecordsOfMessage && lane.Waiting.TryPeek(out var next) && (group.Count == 0 || bytes + next.Body.Length <= most))
            {
                bytes += next.Body.Length;
                group.Add(lane.Waiting.Dequeue());
            }

            return [.. group];
        }
    }

    /// <summary>Publishes until it is acknowledged, or for <see cref="Patience"/>.</summary>
    private async Task<(AppendOutcome Outcome, ulong Sequence)> StoreAsync(string subject, byte[] message)
    {
        var options = new NatsJSPubOpts { MsgId = $"{_cluster.NodeId}-{Interlocked.Increment(ref _messages)}", ExpectedStream = _cluster.JournalStream, RetryAttempts = 1 };
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(Pause))
        {
            string reason;
            try
            {
                using var limit = new CancellationTokenSource(TryLimit);
                var answer = await _cluster.JetStream.TryPublishAsync(subject, message, opts: options, cancellationToken: limit.Token);
                if (IsStored(answer))
                {
                    Reach(answer.Value.Seq);
                    return (AppendOutcome.Durable, answer.Value.Seq);
                }

                reason = !answer.Success ? ClusterConnection.Describe(answer.Error)
                    : answer.Value.Error is { } error ? $"JetStream says: {error.Description}"
                    : "JetStream has it, but not yet a majority of its replicas";
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
            {
                reason = ClusterConnection.Describe(fault);
            }

            if (Stopwatch.GetElapsedTime(started) > Patience || !Health.Writable)
            {
                Fail(reason);
                return (AppendOutcome.Unwritable, 0);
            }
        }
    }

    /// <summary>Whether a message has a sequence. A repetition of one that its leader has only proposed yet can be told without.</summary>
    private static bool IsStored(NatsResult<PubAckResponse> answer) => answer.Success && answer.Value is { Error: null, Seq: > 0 };

    private (AppendOutcome Outcome, ulong Sequence) TooLarge(PendingRecord[] group)
    {
        TooLarge(group.Sum(static record => record.Body.Length), _cluster.MaximumMessage);
        return (AppendOutcome.Unwritable, 0);
    }

    /// <summary>Nothing is taken any more until a message is acknowledged again; what waits is tried once.</summary>
    private void Fail(string reason)
    {
        lock (_gate)
        {
            if (_health.Writable && !_closing)
            {
                Volatile.Write(ref _health, new JournalHealth(false, reason));
                _probing = Task.Run(ProbeAsync);
            }
        }
    }

    /// <summary>Publishes messages without records until one is acknowledged.</summary>
    private async Task ProbeAsync()
    {
        var probe = StreamMessage.Write([], _cluster.MaximumMessage)!;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                limit.CancelAfter(TryLimit);
                var answer = await _cluster.JetStream.TryPublishAsync(_cluster.JournalSubject(NobodysSubject), probe, opts: new NatsJSPubOpts { ExpectedStream = _cluster.JournalStream, RetryAttempts = 1 }, cancellationToken: limit.Token);
                if (IsStored(answer))
                {
                    Reach(answer.Value.Seq);
                    Volatile.Write(ref _health, JournalHealth.Good);
                    return;
                }
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
            {
                // Still not.
            }

            await Task.WhenAny(Task.Delay(ProbeInterval, _stopping.Token));
        }
    }

    private void Track(Task sending)
    {
        _sending.Add(sending);
        sending.ContinueWith(
            done =>
            {
                lock (_gate)
                {
                    _sending.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
    }

    /// <summary>Bytes of a message that are left to its headers.</summary>
    public const int MaximumHeaders = 1024;

    /// <summary>Bytes of records after which a message is closed though more wait.</summary>
    private const int GroupBytes = 256 << 10;

    [LoggerMessage(LogLevel.Error, "A record of {Bytes} bytes was refused: NATS takes messages of {Limit} bytes. Set max_payload there to 8 MiB")]
    private partial void TooLarge(int bytes, int limit);

    /// <summary>What waits for one environment.</summary>
    /// <param name="subject">Where its messages go.</param>
    private sealed class Lane(string subject)
    {
        public string Subject { get; } = subject;

        public Queue<PendingRecord> Waiting { get; } = new();

        public int UnderWay { get; set; }
    }
}
