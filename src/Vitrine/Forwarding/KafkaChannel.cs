using System.Text;
using Confluent.Kafka;

namespace Vitrine.Forwarding;

/// <summary>Messages to a topic of Kafka, whose key is the customer: those of one customer lie in one partition.</summary>
/// <remarks>
/// The producer is idempotent, so its own tries neither double nor reorder. A producer that has come to a fatal error, of
/// which only its error handler is told, is of no use any more; the next try makes another one. What was on its way through
/// it may never be answered, so each try has a limit of its own.
/// </remarks>
internal sealed class KafkaChannel : MessageChannel
{
    private const int Acknowledged = 200, TooLarge = 413;

    private readonly KafkaTarget _target;
    private readonly ProducerConfig _settings;
    private readonly Lock _gate = new();
    private readonly TimeSpan _patience;
    private Live? _live;

    public KafkaChannel(KafkaTarget target, TimeSpan timeout) =>
        (_target, _settings, _patience) = (target, KafkaSettings.Of(target, timeout), timeout + TimeSpan.FromSeconds(5)); // librdkafka's own limit comes first.

    /// <summary>Why librdkafka does not take the settings of a target; null when it does.</summary>
    public static string? WhyNot(KafkaTarget target)
    {
        try
        {
            using var producer = new ProducerBuilder<byte[], byte[]>(KafkaSettings.Of(target, TimeSpan.FromSeconds(30))).SetLogHandler(static (_, _) => { }).Build();
            return null;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException or KafkaException)
        {
            // Its own words name the setting, and sometimes the value.
            return target.Settings.Keys.FirstOrDefault(name => fault.Message.Contains(name, StringComparison.Ordinal)) ?? "";
        }
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Live? live;
        lock (_gate)
        {
            (live, _live) = (_live, null);
        }

        live?.Producer?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task<Delivery> SendAsync(ForwardedItem item, CancellationToken cancellation)
    {
        try
        {
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(item.CustomerId),
                Value = ItemJson.Write(_target.Environment, item),
                Timestamp = new Timestamp(item.ReceivedAt, TimestampType.CreateTime),
            };
            var stored = await Producer().ProduceAsync(_target.Topic, message, cancellation).WaitAsync(_patience, cancellation);
            return stored.Status == PersistenceStatus.Persisted ? new Delivery(Verdict.Delivered, Acknowledged, "acknowledged") : new Delivery(Verdict.Failed, 0, $"not acknowledged: {stored.Status}");
        }
        catch (KafkaException fault) when (fault.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord)
        {
            return new Delivery(Verdict.Refused, TooLarge, $"is refused: {fault.Error.Code}");
        }
        catch (KafkaException fault)
        {
            return new Delivery(Verdict.Failed, 0, $"not acknowledged: {fault.Error.Code}");
        }
        catch (Exception fault) when (fault is TimeoutException or ObjectDisposedException)
        {
            return new Delivery(Verdict.Failed, 0, "not acknowledged: the producer had failed"); // By a message that was on its way at the same time.
        }
    }

    private IProducer<byte[], byte[]> Producer()
    {
        Live? dead = null;
        try
        {
            lock (_gate)
            {
                if (_live is { IsDead: true })
                {
                    (dead, _live) = (_live, null);
                }

                if (_live is null)
                {
                    var live = new Live();
                    live.Producer = new ProducerBuilder<byte[], byte[]>(_settings)
                        .SetLogHandler(static (_, _) => { })
                        .SetErrorHandler((_, error) => live.IsDead |= error.IsFatal)
                        .Build();
                    _live = live;
                }

                return _live.Producer!;
            }
        }
        finally
        {
            dead?.Producer?.Dispose();
        }
    }

    /// <summary>A producer, and whether it has come to a fatal error.</summary>
    private sealed class Live
    {
        private volatile bool _isDead;

        public IProducer<byte[], byte[]>? Producer { get; set; }

        public bool IsDead
        {
            get => _isDead;
            set => _isDead = value;
        }
    }
}
