using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary>Makes and changes experiences. Each change is checked, written with its entry in the audit log, and decided by before its method returns.</summary>
/// <remarks>
/// Thread safe. A change is made on the state that was read and written only if that is still the state: a caller who
/// named the state that he saw is refused when it is another one by now; one who did not is served from the new one.
/// </remarks>
public sealed partial class ExperienceAuthoring(ICatalog catalog, ExperienceStore store, TimeProvider time)
{
    private const int Attempts = 10;

    /// <summary>Makes an experience as a draft.</summary>
    /// <exception cref="AuthoringRefusedException">Its document is wrong or its key is taken.</exception>
    public StoredExperience Create(WorkspaceEnvironment environment, string by, JsonElement body) =>
        Create(environment, by, ExperienceReading.Read(body, null, environment.Workspace.TimeZone), "create", null);

    /// <summary>Makes a draft of what another experience is at present.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience, or the key is taken or cannot be one.</exception>
    public StoredExperience Duplicate(WorkspaceEnvironment environment, string by, string key, DuplicateBody body)
    {
        var document = Find(environment, key).Experience.Draft with { Key = body.Key, Name = body.Name ?? $"Copy of {key}" };
        var copy = JsonSerializer.SerializeToElement(document, ExperiencesJson.Readable.ExperienceDocument);
        return Create(
            environment, by, ExperienceReading.Read(copy, null, environment.Workspace.TimeZone), "duplicate", new JsonObject { ["of"] = key });
    }

    /// <summary>Replaces the draft.</summary>
    /// <param name="environment">Whose it is.</param>
    /// <param name="by">Who changes it.</param>
    /// <param name="key">Which one.</param>
    /// <param name="seen">The states that the caller may have seen; null: whatever it is.</param>
    /// <param name="change">The new document of the present one.</param>
    /// <exception cref="AuthoringRefusedException">There is no such experience, it is another by now, or the document is wrong.</exception>
    public StoredExperience Change(
        WorkspaceEnvironment environment, string by, string key, EntityTags? seen, Func<ExperienceDocument, JsonElement> change) =>
        Write(environment, by, key, seen, "change", present =>
        {
            var before = present.Experience;
            var read = ExperienceReading.Read(change(before.Draft), before, environment.Workspace.TimeZone);
            return Changed(present, read);
        });

    /// <summary>Makes the draft what a version was.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience or version, or it is another by now.</exception>
    public StoredExperience Revert(WorkspaceEnvironment environment, string by, string key, EntityTags? seen, int version) =>
        Write(environment, by, key, seen, "revert", present =>
        {
            var source = store.ReadVersion(environment.Id, present.Experience.Id, version)
                ?? throw new AuthoringRefusedException(StatusCodes.Status404NotFound, $"The experience '{key}' has no version {version}.");
            return Changed(present, source.Document) with { Detail = new JsonObject { ["version"] = version } };
        });

    /// <summary>Sets who is kept out of all experiences of an environment.</summary>
    /// <exception cref="AuthoringRefusedException">Somebody else set it at the same time.</exception>
    public void SetGlobalControlGroup(WorkspaceEnvironment environment, string by, ControlGroup group)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(group, ExperiencesJson.Readable.ControlGroup);
        _ = catalog.TryWrite(
                environment.Id,
                new AuditNote(by, "set", "control_group", body),
                new DocumentWrite(ExperienceStore.ControlGroupKind, "global", store.Of(environment.Id).ControlGroupRevision, body))
            ?? throw AuthoringRefusedException.Conflict("The control group was set by somebody else at the same time; read it, and set it again.");
    }

    /// <summary>The experience of a key.</summary>
    /// <exception cref="AuthoringRefusedException">There is none.</exception>
    public StoredExperience Find(WorkspaceEnvironment environment, string key) =>
        store.Of(environment.Id).ByKey.GetValueOrDefault(key) ?? throw AuthoringRefusedException.Unknown(key);

    private StoredExperience Create(WorkspaceEnvironment environment, string by, ExperienceDocument read, string action, JsonObject? detail)
    {
        var (document, given) = GivenIds.None.Name(read, null);
        var stamp = new Stamp(time.GetUtcNow(), by);
        var experience = new Experience
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
            Draft = document,
            GivenIds = given,
            HasUnpublishedChanges = true,
            Created = stamp,
            Updated = stamp,
        };
        var note = new AuditNote(by, action, document.Key, JsonSerializer.SerializeToUtf8Bytes(detail ?? []));
        return Reserve(environment, document.Key, experience.Id) is { } reservation
            && catalog.TryWrite(environment.Id, note, reservation, Document(experience, 0)) is not null
                ? Find(environment, document.Key)
                : throw Taken(document.Key);
    }

    private static Step Changed(StoredExperience present, ExperienceDocument read)
    {
        var before = present.Experience;
        if (read.Key != before.Draft.Key && before.LiveVersion > 0)
        {
            throw AuthoringRefusedException.Conflict($"The key '{before.Draft.Key}' is fixed, because the experience was published under it. Duplicate it under another key.");
        }

        var (document, given) = before.GivenIds.Name(read, before.Draft);
        var after = before with
        {
            Draft = document,
            GivenIds = given,
            HasUnpublishedChanges = present.Live is null || !Json(document).AsSpan().SequenceEqual(Json(present.Live.Document)),
        };
        return new Step(after, [], new JsonObject { ["changes"] = JsonSerializer.SerializeToNode(Differences(before.Draft, document), ExperiencesJson.Readable.IReadOnlyListDifference) });
    }

    private StoredExperience Write(
        WorkspaceEnvironment environment, string by, string key, EntityTags? seen, string action, Func<StoredExperience, Step?> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var present = Find(environment, key);
            if (seen is not null && !seen.Match(present.EntityTag))
            {
                throw AuthoringRefusedException.Overtaken(present);
            }

            if (change(present) is not { } step)
            {
                return present;
            }

            var experience = step.Experience with { Updated = new Stamp(time.GetUtcNow(), by) };
            List<DocumentWrite> writes = [.. step.Writes, Document(experience, present.Revision), .. Rename(environment, present, experience)];
            if (catalog.TryWrite(environment.Id, new AuditNote(by, action, experience.Draft.Key, JsonSerializer.SerializeToUtf8Bytes(step.Detail)), writes) is not null)
            {
                return Find(environment, experience.Draft.Key);
            }

            if (attempt == Attempts)
            {
                throw seen is not null
                    ? AuthoringRefusedException.Overtaken(Find(environment, key))
                    : AuthoringRefusedException.Conflict($"The experience '{key}' was changed by others {Attempts} times while this was tried; nothing of yours was stored. Send it again.");
            }
        }
    }

    private IEnumerable<DocumentWrite> Rename(WorkspaceEnvironment environment, StoredExperience before, Experience after)
    {
        if (before.Key == after.Draft.Key)
        {
            yield break;
        }

        yield return Reserve(environment, after.Draft.Key, after.Id) ?? throw Taken(after.Draft.Key);
        yield return Reservation(before.Key, null, catalog.Find(environment.Id, ExperienceStore.KeyKind, before.Key)!.Revision);
    }

    /// <summary>The write that takes a key; null when it is taken.</summary>
    private DocumentWrite? Reserve(WorkspaceEnvironment environment, string key, string experienceId)
    {
        var present = catalog.Find(environment.Id, ExperienceStore.KeyKind, key);
        var holder = present is null ? null : JsonSerializer.Deserialize(present.Body, ExperiencesJson.Readable.ReservedKey)?.ExperienceId;
        return holder is null ? Reservation(key, experienceId, present?.Revision ?? 0) : null;
    }

    private static DocumentWrite Reservation(string key, string? experienceId, long revision) =>
        new(ExperienceStore.KeyKind, key, revision, JsonSerializer.SerializeToUtf8Bytes(new ReservedKey(experienceId), ExperiencesJson.Readable.ReservedKey));

    private static AuthoringRefusedException Taken(string key) =>
        AuthoringRefusedException.Conflict($"There is another experience with the key '{key}' in this environment; choose another key.");

    private static DocumentWrite Document(Experience experience, long revision) =>
        new(ExperienceStore.ExperienceKind, experience.Id, revision, JsonSerializer.SerializeToUtf8Bytes(experience, ExperiencesJson.Readable.Experience));

    private static byte[] Json(ExperienceDocument document) =>
        JsonSerializer.SerializeToUtf8Bytes(document, ExperiencesJson.Readable.ExperienceDocument);

    /// <summary>What differs between two documents.</summary>
    internal static IReadOnlyList<Difference> Differences(ExperienceDocument before, ExperienceDocument after) => JsonDifference.Between(
        JsonSerializer.SerializeToElement(before, ExperiencesJson.Readable.ExperienceDocument),
        JsonSerializer.SerializeToElement(after, ExperiencesJson.Readable.ExperienceDocument));

    /// <summary>What a change makes of an experience.</summary>
    private sealed record Step(Experience Experience, IReadOnlyList<DocumentWrite> Writes, JsonObject Detail);
}
