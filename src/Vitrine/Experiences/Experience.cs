using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>An experience as the catalog keeps it: its draft, and which of its versions is live.</summary>
public sealed record Experience
{
    /// <summary>24 hexadecimal digits: the part of its cids before the first underscore.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>What is worked on.</summary>
    [JsonPropertyName("draft")]
    public required ExperienceDocument Draft { get; init; }

    /// <summary>Which ids were given, so that none is given twice.</summary>
    [JsonPropertyName("given_ids")]
    public required GivenIds GivenIds { get; init; }

    /// <summary>The number of the version that is decided by, which is the newest; 0 before the first.</summary>
    [JsonPropertyName("live_version")]
    public int LiveVersion { get; init; }

    /// <summary>Whether the draft differs from the live version.</summary>
    [JsonPropertyName("has_unpublished_changes")]
    public required bool HasUnpublishedChanges { get; init; }

    /// <summary>Whether it rests until it is resumed.</summary>
    [JsonPropertyName("paused")]
    public bool Paused { get; init; }

    /// <summary>Whether it is put away until it is resumed.</summary>
    [JsonPropertyName("archived")]
    public bool Archived { get; init; }

    /// <summary>When and by whom it was made.</summary>
    [JsonPropertyName("created")]
    public required Stamp Created { get; init; }

    /// <summary>When and by whom it was changed last.</summary>
    [JsonPropertyName("updated")]
    public required Stamp Updated { get; init; }
}

/// <summary>When something was done, and by whom.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">The fingerprint of the key, behind the name of the person where the caller gave one.</param>
public sealed record Stamp(
    [property: JsonPropertyName("at")] DateTimeOffset At, [property: JsonPropertyName("by")] string By);

/// <summary>A published state of an experience. Never changed.</summary>
public sealed record ExperienceVersion
{
    /// <summary>1 for the first.</summary>
    [JsonPropertyName("number")]
    public required int Number { get; init; }

    /// <summary>What was published.</summary>
    [JsonPropertyName("document")]
    public required ExperienceDocument Document { get; init; }

    /// <summary>Which variation a bucket belongs to, by audience id.</summary>
    [JsonPropertyName("allocations")]
    public required IReadOnlyDictionary<string, Allocation> Allocations { get; init; }

    /// <summary>When and by whom it was published.</summary>
    [JsonPropertyName("published")]
    public required Stamp Published { get; init; }
}
