using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary>An experience as it is answered: its draft, and what the server says of it.</summary>
public sealed record ExperienceAnswer : ExperienceDocument
{
    /// <summary>Shapes the answer.</summary>
    public ExperienceAnswer(StoredExperience stored, long now)
        : base(stored.Experience.Draft) =>
        (Id, Status, Revision, LiveVersion, HasUnpublishedChanges, Created, Updated) = (
            stored.Experience.Id,
            stored.StatusAt(now),
            stored.Revision,
            stored.Live?.Number,
            stored.Experience.HasUnpublishedChanges,
            stored.Experience.Created,
            stored.Experience.Updated);

    /// <summary>The part of its cids before the first underscore.</summary>
    [JsonPropertyName("id")]
    public string Id { get; }

    /// <summary>What it is doing.</summary>
    [JsonPropertyName("status")]
    public ExperienceStatus Status { get; }

    /// <summary>One more with each change; the ETag header says the same.</summary>
    [JsonPropertyName("revision")]
    public long Revision { get; }

    /// <summary>The version that is decided by; null before the first.</summary>
    [JsonPropertyName("live_version")]
    public int? LiveVersion { get; }

    /// <summary>Whether the draft differs from the live version.</summary>
    [JsonPropertyName("has_unpublished_changes")]
    public bool HasUnpublishedChanges { get; }

    /// <summary>When and by whom it was made.</summary>
    [JsonPropertyName("created")]
    public Stamp Created { get; }

    /// <summary>When and by whom it was changed last.</summary>
    [JsonPropertyName("updated")]
    public Stamp Updated { get; }
}

/// <summary>A page of the list of experiences.</summary>
/// <param name="Count">How many fit the question, on all pages.</param>
/// <param name="Experiences">Those of this page, by key.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
public sealed record ExperienceListAnswer(
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("experiences")] IReadOnlyList<ListedExperience> Experiences,
    [property: JsonPropertyName("next")] string? Next);

/// <summary>An experience in a list.</summary>
public sealed record ListedExperience(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("status")] ExperienceStatus Status,
    [property: JsonPropertyName("priority")] string Priority,
    [property: JsonPropertyName("tags")] IReadOnlyList<string> Tags,
    [property: JsonPropertyName("live_version")] int? LiveVersion,
    [property: JsonPropertyName("has_unpublished_changes")] bool HasUnpublishedChanges,
    [property: JsonPropertyName("updated")] Stamp Updated);

/// <summary>A version, with what it changed.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Published">When and by whom it was published.</param>
/// <param name="Live">Whether it is the one that is decided by.</param>
/// <param name="Changes">How it differs from the version before it.</param>
public sealed record ListedVersion(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("published")] Stamp Published,
    [property: JsonPropertyName("live")] bool Live,
    [property: JsonPropertyName("changes")] IReadOnlyList<Difference> Changes);

/// <summary>The versions of an experience, newest first.</summary>
public sealed record VersionListAnswer([property: JsonPropertyName("versions")] IReadOnlyList<ListedVersion> Versions);

/// <summary>One version.</summary>
public sealed record ExperienceVersionAnswer(
    [property: JsonPropertyName("number")] int Number,
    [property: JsonPropertyName("published")] Stamp Published,
    [property: JsonPropertyName("live")] bool Live,
    [property: JsonPropertyName("document")] ExperienceDocument Document);

/// <summary>How two states of an experience differ.</summary>
public sealed record DifferenceAnswer(
    [property: JsonPropertyName("from")] string From,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("changes")] IReadOnlyList<Difference> Changes);

/// <summary>An entry of the audit log.</summary>
public sealed record ListedAuditEntry(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("at")] DateTimeOffset At,
    [property: JsonPropertyName("by")] string By,
    [property: JsonPropertyName("action")] string Action,
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("detail")] JsonElement? Detail)
{
    /// <summary>Shapes an entry.</summary>
    public static ListedAuditEntry Of(AuditEntry entry) => new(
        entry.Number,
        entry.At,
        entry.Note.By,
        entry.Note.Action,
        entry.Note.Subject,
        entry.Note.Detail is { } detail ? JsonElement.Parse(detail) : null);
}

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Next">What to send as <c>before</c> for the next page; null on the last one.</param>
public sealed record AuditAnswer(
    [property: JsonPropertyName("entries")] IReadOnlyList<ListedAuditEntry> Entries,
    [property: JsonPropertyName("next")] string? Next);

/// <summary>How a copy is called.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Name">Its name; absent: Copy of the key of the one it is made from.</param>
public sealed record DuplicateBody(
    [property: JsonPropertyName("key"), JsonRequired] string Key, [property: JsonPropertyName("name")] string? Name = null);

/// <summary>Which version the draft is to be made.</summary>
/// <param name="Version">Its number.</param>
public sealed record RevertBody([property: JsonPropertyName("version"), JsonRequired] int Version);
