using System.Text;
using Confluent.Kafka;

namespace Vitrine.Forwarding;

/// <summary>Messages to a topic of Kafka, whose key is the customer: those of one customer lie in one partition.</summary>
/// <remarks>
/// The producer is idempotent, so its own tries neither double nor reorder. A producer that has come to a fatal error is
/// of no use any more; the next try makes another one.
/// </remarks>
internal sealed class KafkaChannel : MessageChannel
{
    private const int Acknowledged = 200, TooLarge = 413;

    private readonly KafkaTarget _target;
    private readonly ProducerConfig _settings;
    private readonly Lock _gate = new();
    private IProducer<byte[], byte[]>? _producer;

    public KafkaChannel(KafkaTarget target, TimeSpan timeout) => (_target, _settings) = (target, KafkaSettings.Of(target, timeout));

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
        Forget(_producer);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task<Delivery> SendAsync(ForwardedItem item, CancellationToken cancellation)
    {
        var producer = Producer();
        try
        {
            var message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(item.CustomerId),
                Value = ItemJson.Write(_target.Environment, item),
                Timestamp = new Timestamp(item.ReceivedAt, TimestampType.CreateTime),
            };
            var stored = await producer.ProduceAsync(_target.Topic, message, cancellation).WaitAsync(cancellation);
            return stored.Status == PersistenceStatus.Persisted ? new Delivery(Verdict.Delivered, Acknowledged, "acknowledged") : new Delivery(Verdict.Failed, 0, $"not acknowledged: {stored.Status}");
        }
        catch (KafkaException fault) when (fault.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord)
        {
            return new Delivery(Verdict.Refused, TooLarge, $"is refused: {fault.Error.Code}");
        }
        catch (KafkaException fault)
        {
            if (fault.Error.IsFatal)
            {
                Forget(producer);
            }

            return new Delivery(Verdict.Failed, 0, $"not acknowledged: {fault.Error.Code}");
        }
        catch (ObjectDisposedException)
        {
            return new Delivery(Verdict.Failed, 0, "not acknowledged: the producer had failed"); // By a message that was on its way at the same time.
        }
    }

    private IProducer<byte[], byte[]> Producer()
    {
        lock (_gate)
        {
            return _producer ??= new ProducerBuilder<byte[], byte[]>(_settings).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        }
    }

    private void Forget(IProducer<byte[], byte[]>? producer)
    {
        lock (_gate)
        {
            if (producer is null || _producer != producer)
            {
                return;
            }

            _producer = null;
        }

        producer.Dispose();
    }
}
