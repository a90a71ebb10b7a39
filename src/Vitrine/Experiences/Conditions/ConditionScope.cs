using NodaTime;

namespace Vitrine.Experiences.Conditions;

/// <summary>Where a condition is compiled: what it may ask about, and the registries of its environment.</summary>
public sealed record ConditionScope
{
    /// <summary>The slots of user attributes.</summary>
    public required AttributeNames User { get; init; }

    /// <summary>The slots of request attributes.</summary>
    public required AttributeNames Request { get; init; }

    /// <summary>The slots of event attributes. Default: none of any other condition.</summary>
    public AttributeNames Event { get; init; } = new();

    /// <summary>The slots of questions about behaviour.</summary>
    public required BehaviourNames Behaviours { get; init; }

    /// <summary>The experience's time zone: of days and hours, and of dates that do not say theirs.</summary>
    public required DateTimeZone TimeZone { get; init; }

    /// <summary>Where the condition may look. Default: <see cref="ConditionSources.Audience"/>.</summary>
    public ConditionSources Sources { get; init; } = ConditionSources.Audience;
}
