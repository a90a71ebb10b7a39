namespace Vitrine.Journal.Records;

/// <summary>Single events of an environment become hourly figures: those that happened before a moment.</summary>
/// <param name="ReceivedAt">Unix milliseconds at which the server made the record.</param>
/// <param name="EnvironmentId">Whose events they are.</param>
/// <param name="Until">Unix seconds: events that happened earlier.</param>
/// <param name="UpTo">The last record whose events are meant; what came behind it is left for the next time.</param>
/// <param name="HourOffset">Seconds to the east, less than an hour: hours begin where those of a zone with this offset do.</param>
/// <param name="Conversions">What goal events counted for among the events that go, for nobody can tell that afterwards.</param>
public sealed record RetentionRecord(
    long ReceivedAt, string EnvironmentId, long Until, long UpTo, int HourOffset, IReadOnlyList<HourlyConversions> Conversions);

/// <summary>What happened for one goal after impressions or clicks of one hour that have all of this in common.</summary>
/// <param name="Place">What they have in common.</param>
/// <param name="Model">The number of the attribution model.</param>
/// <param name="Goal">The goal's name.</param>
/// <param name="Conversions">Goal events.</param>
/// <param name="UniqueConversions">At most one of them for each customer, variation and day, in the first of his hours.</param>
/// <param name="Revenue">What they brought in one currency; null: these are the conversions in all currencies.</param>
public sealed record HourlyConversions(
    HourlyPlace Place, byte Model, string Goal, long Conversions, long UniqueConversions, HourlyRevenue? Revenue);

/// <summary>What impressions or clicks have in common.</summary>
/// <param name="StartsAt">Unix seconds at which the hour begins.</param>
/// <param name="ExperienceId">The part of their cids before the first underscore.</param>
/// <param name="VariationId">The variation.</param>
/// <param name="AudienceId">The audience.</param>
/// <param name="LocaleId">The locale.</param>
/// <param name="Platform">Where.</param>
/// <param name="ClickTarget">What was clicked; null where nothing was named.</param>
public readonly record struct HourlyPlace(
    long StartsAt, string ExperienceId, string VariationId, string AudienceId, string LocaleId, Platform Platform, string? ClickTarget);

/// <summary>An amount of money.</summary>
/// <param name="Currency">Its currency; null where nobody named one.</param>
/// <param name="Amount">The sum.</param>
/// <param name="WithoutAmount">Conversions in it whose amount could not be read.</param>
public sealed record HourlyRevenue(string? Currency, decimal Amount, long WithoutAmount);
