namespace Vitrine.Experiences.Conditions;

/// <summary>A question about what a user did: how many such events there are.</summary>
/// <param name="Event">The event's name, such as <c>MOE_PERSONALIZATION_MESSAGE_SHOWN</c> or a goal event's.</param>
/// <param name="Experience">Only events of this experience, by its key or its id of 24 hexadecimal digits; null: of any.</param>
/// <param name="Days">
/// Only events of the last 1–90 days: today in the workspace's time zone and the days before; null: ever.
/// </param>
public sealed record Behaviour(string Event, string? Experience, int? Days);
