namespace Vitrine.Client;

/// <summary>Where fetched experiences come from.</summary>
public enum FetchSource
{
    /// <summary>The server has just decided.</summary>
    Network,

    /// <summary>The server could not be asked; it is what it last decided for this customer.</summary>
    Cache,
}

/// <summary>An experience that a customer gets.</summary>
public sealed class Experience
{
    internal Experience(string key, Payload payload, ExperienceContext context, FetchSource source) =>
        (Key, Payload, Context, Source) = (key, payload, context, source);

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>Its variables.</summary>
    public Payload Payload { get; }

    /// <summary>What it is reported with when it is shown or clicked.</summary>
    public ExperienceContext Context { get; }

    /// <summary>Where it comes from.</summary>
    public FetchSource Source { get; }
}

/// <summary>What a customer gets.</summary>
public sealed class FetchResult
{
    internal FetchResult(IReadOnlyDictionary<string, Experience> experiences, IReadOnlyDictionary<string, string> failures, FetchSource source, DateTimeOffset fetchedAt) =>
        (Experiences, Failures, Source, FetchedAt) = (experiences, failures, source, fetchedAt);

    /// <summary>The experiences by their keys. One that the customer does not get is absent.</summary>
    public IReadOnlyDictionary<string, Experience> Experiences { get; }

    /// <summary>Why the customer does not get others, by their keys, such as <c>USER_NOT_IN_SEGMENT</c>; empty from the cache.</summary>
    public IReadOnlyDictionary<string, string> Failures { get; }

    /// <summary>Where they come from.</summary>
    public FetchSource Source { get; }

    /// <summary>When the server decided.</summary>
    public DateTimeOffset FetchedAt { get; }

    /// <summary>An experience; null when the customer does not get it.</summary>
    /// <param name="key">Its key.</param>
    public Experience? this[string key] => Experiences.TryGetValue(key, out var experience) ? experience : null;
}

/// <summary>An experience that there is.</summary>
public sealed class ExperienceInfo
{
    internal ExperienceInfo(string key, string name, string status) => (Key, Name, Status) = (key, name, status);

    /// <summary>Its key.</summary>
    public string Key { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary><c>Active</c>, <c>Paused</c> or <c>Scheduled</c>.</summary>
    public string Status { get; }
}
