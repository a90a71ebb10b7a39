namespace Vitrine.Journal.Records;

/// <summary>
/// How often experiences of one environment were delivered: what <c>POST /v1/experiences/fetch</c> has gathered since the
/// record before. Counts add up; the same delivery is in one record only.
/// </summary>
/// <param name="ReceivedAt">Unix milliseconds at which the record was made.</param>
/// <param name="Environment">The environment id.</param>
/// <param name="Counts">The counts; at most one for each combination of what they are of.</param>
public sealed record DeliveredCounts(long ReceivedAt, string Environment, IReadOnlyList<DeliveredCount> Counts);

/// <summary>How often a variation was delivered within an hour.</summary>
/// <param name="ExperienceId">The experience: the part of its cids before the first underscore.</param>
/// <param name="ExperienceName">Its name at the time.</param>
/// <param name="Version">Which of its versions, from 1.</param>
/// <param name="AudienceId">The audience.</param>
/// <param name="AudienceName">Its name at the time.</param>
/// <param name="VariationId">The variation.</param>
/// <param name="Hour">When, in whole hours since 1970 in UTC.</param>
/// <param name="Delivered">How often, at least once.</param>
public sealed record DeliveredCount(
    string ExperienceId, string ExperienceName, int Version, string AudienceId, string AudienceName, string VariationId, long Hour, long Delivered);
