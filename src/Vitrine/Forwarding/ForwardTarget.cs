namespace Vitrine.Forwarding;

/// <summary>Where accepted events are forwarded to. No record: its text would hold secrets.</summary>
public abstract class ForwardTarget
{
    /// <summary>By which it is known, in the file of its state too: 1–64 letters, digits, <c>_</c> or <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whose events: a workspace id, with the suffix <c>_DEBUG</c> for its test environment.</summary>
    public required string Environment { get; init; }

    /// <summary>What kind of target it is, as the configuration says it.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it begins, at its first start, with the oldest record of the journal. Default: with the next event.</summary>
    public bool FromBeginning { get; init; }

    /// <summary>How many requests are on their way at once, each customer's events in one lane; 1–32, default 4.</summary>
    public int Lanes { get; init; } = 4;

    /// <summary>How long records that it still has to send stay in the journal although they could be trimmed; 1–3,650 days, default 30.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether it takes attributes that were set on customers.</summary>
    public virtual bool TakesProfiles => false;

    /// <summary>Whether the events of one record go in one request.</summary>
    public virtual bool KeepsRecordsTogether => false;
}

/// <summary>A server that speaks the interface of MoEngage, such as MoEngage or another Vitrine.</summary>
public sealed class MoEngageTarget : ForwardTarget
{
    /// <inheritdoc/>
    public override string Kind => "moengage";

    /// <summary>Its address, without <c>/v1</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>The workspace there.</summary>
    public required string Workspace { get; init; }

    /// <summary>The workspace's key there.</summary>
    public required string Key { get; init; }

    /// <summary>Where goal events and attributes go. Default: <see cref="Url"/>.</summary>
    public required Uri DataUrl { get; init; }

    /// <summary>The key there. Default: <see cref="Key"/>.</summary>
    public required string DataKey { get; init; }

    /// <summary>Whether its answers are compared with ours.</summary>
    public bool Compare { get; init; }

    /// <inheritdoc/>
    public override bool TakesProfiles => true;

    /// <inheritdoc/>
    public override bool KeepsRecordsTogether => Compare;
}

/// <summary>A program that takes signed requests.</summary>
public sealed class WebhookTarget : ForwardTarget
{
    /// <inheritdoc/>
    public override string Kind => "webhook";

    /// <summary>Where requests go.</summary>
    public required Uri Url { get; init; }

    /// <summary>With which they are signed; at least 16 characters.</summary>
    public required string Secret { get; init; }
}

/// <summary>A stream of NATS JetStream, which must be there.</summary>
public sealed class NatsTarget : ForwardTarget
{
    /// <inheritdoc/>
    public override string Kind => "nats";

    /// <summary><c>nats://</c> or <c>tls://</c>, and a host; several are separated by commas.</summary>
    public required string Url { get; init; }

    /// <summary>The subject, in which <c>{environment}</c> and <c>{action}</c> stand for those of the event.</summary>
    public required string Subject { get; init; }

    /// <summary>The user; null: none.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>A token instead of a user.</summary>
    public string? Token { get; init; }

    /// <summary>A file of credentials instead of either.</summary>
    public string? CredentialsFile { get; init; }

    /// <summary>A PEM file of the authorities that are trusted; null: those of the machine.</summary>
    public string? AuthorityFile { get; init; }
}

/// <summary>A topic of Kafka.</summary>
public sealed class KafkaTarget : ForwardTarget
{
    /// <inheritdoc/>
    public override string Kind => "kafka";

    /// <summary>Brokers to begin with, <c>host:port</c> separated by commas.</summary>
    public required string Brokers { get; init; }

    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>Further settings of librdkafka.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
