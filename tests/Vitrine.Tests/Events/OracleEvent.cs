namespace Vitrine.Tests.Events;

/// <summary>An event as the contract says it is kept; texts as they are, further attributes as JSON without white space.</summary>
public sealed record OracleEvent(
    string Customer,
    int? TimezoneOffset,
    string Action,
    Guid Uuid,
    long Time,
    string Platform,
    string Cid,
    string Experience,
    string Locale,
    string Variation,
    string AudienceName,
    string AudienceId,
    string? Type,
    string? ClickTarget,
    string? Further);
