namespace Vitrine.Workspaces;

/// <summary>What a request is counted as.</summary>
public enum RequestKind
{
    /// <summary>Decides what a user gets, or lists experiences.</summary>
    Fetch,

    /// <summary>Reports what happened, or sets attributes of a customer.</summary>
    Report,

    /// <summary>Writes experiences, reads reports, and whatever else is asked by programs.</summary>
    Management,
}

/// <summary>
/// How many requests are taken in a minute of the clock, of each environment of a workspace apart: a test of load does
/// not keep live users waiting. Null: any number, which is the default.
/// </summary>
public sealed record RateLimits
{
    /// <summary>No limit.</summary>
    public static RateLimits None { get; } = new();

    /// <summary>What the vendor's Personalize API takes by its documentation: 10,000 fetches a minute.</summary>
    public static RateLimits Vendor { get; } = new() { FetchesPerMinute = 10_000 };

    /// <summary>Of <c>/v1/experiences/fetch</c> and <c>/v1/experiences/metadata</c>; at least 1.</summary>
    public int? FetchesPerMinute { get; init; }

    /// <summary>Of <c>/v1/experiences/events</c>, <c>/v1/event</c> and <c>/v1/customer</c>, whatever each holds; at least 1.</summary>
    public int? ReportsPerMinute { get; init; }

    /// <summary>Of everything else that programs ask; at least 1.</summary>
    public int? ManagementPerMinute { get; init; }

    /// <summary>The limit of a kind of requests; null: there is none.</summary>
    public int? Of(RequestKind kind) => kind switch
    {
        RequestKind.Fetch => FetchesPerMinute,
        RequestKind.Report => ReportsPerMinute,
        _ => ManagementPerMinute,
    };
}
