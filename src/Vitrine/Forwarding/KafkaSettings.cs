using Confluent.Kafka;

namespace Vitrine.Forwarding;

/// <summary>What of librdkafka's settings is ours, and why.</summary>
internal static class KafkaSettings
{
    /// <summary>Without these an event could be lost, doubled by the client itself, or overtake another of its customer.</summary>
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["enable.idempotence"] = "true",
        ["acks"] = "all",
        ["request.required.acks"] = "all",
        ["bootstrap.servers"] = "",
        ["metadata.broker.list"] = "",
        ["message.timeout.ms"] = "",
        ["delivery.timeout.ms"] = "",
        ["transactional.id"] = "",
        ["partitioner"] = "",
    };

    /// <summary>Whether a setting is Vitrine's own.</summary>
    public static bool IsOurs(string name) => Ours.ContainsKey(name) || name.StartsWith("dotnet.", StringComparison.Ordinal);

    /// <summary>The settings of a target's producer.</summary>
    public static ProducerConfig Of(KafkaTarget target, TimeSpan timeout)
    {
        var settings = new ProducerConfig
        {
            BootstrapServers = target.Brokers,
            EnableIdempotence = true,
            Acks = Acks.All,
            MessageTimeoutMs = (int)timeout.TotalMilliseconds,
            LingerMs = 1,
            ClientId = "vitrine",
        };
        foreach (var (name, value) in target.Settings)
        {
            settings.Set(name, value);
        }

        return settings;
    }
}
