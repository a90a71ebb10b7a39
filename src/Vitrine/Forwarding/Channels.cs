namespace Vitrine.Forwarding;

/// <summary>Opens the way to a target.</summary>
internal static class Channels
{
    /// <summary>The channel of a target's kind; nothing is connected yet.</summary>
    public static IChannel Open(ForwardTarget target, ForwardingOptions options, TimeProvider time) => target switch
    {
        MoEngageTarget moEngage => new MoEngageChannel(moEngage, new HttpSender(options.RequestTimeout, time)),
        WebhookTarget webhook => new WebhookChannel(webhook, new HttpSender(options.RequestTimeout, time), time),
        NatsTarget nats => new NatsChannel(nats, options.RequestTimeout, time),
        KafkaTarget kafka => new KafkaChannel(kafka, options.RequestTimeout),
        _ => throw new ArgumentOutOfRangeException(nameof(target), target.Kind, "There is no such kind of target."),
    };
}
