using System.Text.Json.Serialization;

namespace Vitrine.Workspaces;

/// <summary>What is set up for a workspace beside its zone and its keys.</summary>
public sealed record WorkspaceSettings
{
    /// <summary>How many requests are taken in a minute. Default: any number.</summary>
    public RateLimits RateLimits { get; init => field = value ?? RateLimits.None; } = RateLimits.None; // A settings text that does not name it is read as null.

    /// <summary>
    /// For how many days single events are kept, 1 to 3,650: today, and so many days of the workspace's zone before. Older
    /// ones become hourly figures. Null: for ever, which is the default.
    /// </summary>
    public int? RetentionDays { get; init; }

    /// <summary>The key of <see cref="Workspaces.Pseudonyms"/>, in hexadecimal; null: customer ids are stored as they are sent, which is the default. It is for a workspace's whole life.</summary>
    public string? PseudonymKey { get; init; }

    /// <summary>Why they cannot be set; null when they can.</summary>
    public string? WhyNot() => new[] { RateLimits.FetchesPerMinute, RateLimits.ReportsPerMinute, RateLimits.ManagementPerMinute }
        .Select(WorkspaceRules.WhyNotRequestsPerMinute)
        .Append(WorkspaceRules.WhyNotRetentionDays(RetentionDays))
        .FirstOrDefault(static reason => reason is not null);
}

/// <summary>The stored shape of the settings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkspaceSettings))]
internal sealed partial class WorkspacesJson : JsonSerializerContext;
