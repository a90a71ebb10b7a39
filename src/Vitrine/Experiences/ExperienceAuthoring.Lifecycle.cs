using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

public sealed partial class ExperienceAuthoring
{
    /// <summary>Makes the draft the live version. Nothing happens when it is that already.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience, it is archived, unfinished, or another by now.</exception>
    public StoredExperience Publish(WorkspaceEnvironment environment, string by, string key, EntityTags? seen) =>
        Write(environment, by, key, seen, "publish", present =>
        {
            var before = present.Experience;
            RefuseArchived(before);
            if (!before.HasUnpublishedChanges)
            {
                return null;
            }

            if (ExperienceRules.Shortcomings(before.Draft, time.GetUtcNow().ToUnixTimeMilliseconds()) is { Count: > 0 } shortcomings)
            {
                throw AuthoringRefusedException.Invalid(shortcomings);
            }

            var version = VersionOf(present, new Stamp(time.GetUtcNow(), by));
            return new Step(
                before with { LiveVersion = version.Number, HasUnpublishedChanges = false },
                [new DocumentWrite(
                    ExperienceStore.VersionKind,
                    ExperienceStore.VersionId(before.Id, version.Number),
                    0,
                    JsonSerializer.SerializeToUtf8Bytes(version, ExperiencesJson.Readable.ExperienceVersion))],
                new JsonObject { ["version"] = version.Number });
        });

    /// <summary>Lets it rest. Nothing happens when it does already.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience, it was never published, is archived, or another by now.</exception>
    public StoredExperience Pause(WorkspaceEnvironment environment, string by, string key, EntityTags? seen) =>
        Write(environment, by, key, seen, "pause", static present =>
        {
            RefuseArchived(present.Experience);
            return present.Live is null ? throw AuthoringRefusedException.Conflict("The experience was never published; a draft is not delivered, so there is nothing to pause.")
                : present.Experience.Paused ? null
                : new Step(present.Experience with { Paused = true }, [], []);
        });

    /// <summary>Lets it go on, or takes it out of the archive. Nothing happens when it rests nowhere.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience, or it is another by now.</exception>
    public StoredExperience Resume(WorkspaceEnvironment environment, string by, string key, EntityTags? seen) =>
        Write(environment, by, key, seen, "resume", static present =>
            present.Experience is { Paused: false, Archived: false } ? null
                : new Step(present.Experience with { Paused = false, Archived = false }, [], []));

    /// <summary>Puts it away: it is delivered no more and left out of lists. Nothing happens when it is put away already.</summary>
    /// <exception cref="AuthoringRefusedException">There is no such experience, or it is another by now.</exception>
    public StoredExperience Archive(WorkspaceEnvironment environment, string by, string key, EntityTags? seen) =>
        Write(environment, by, key, seen, "archive", static present =>
            present.Experience.Archived ? null : new Step(present.Experience with { Archived = true }, [], []));

    /// <summary>The version that the draft would be, dealt from what is live.</summary>
    internal static ExperienceVersion VersionOf(StoredExperience stored, Stamp published) => new()
    {
        Number = stored.Experience.LiveVersion + 1,
        Document = stored.Experience.Draft,
        Allocations = stored.Experience.Draft.Audiences.ToDictionary(
            static audience => audience.Id!, audience => Allocate(audience, stored.Live?.Allocations.GetValueOrDefault(audience.Id!))),
        Published = published,
    };

    private static Allocation Allocate(AudienceDocument audience, Allocation? before) => Allocation.Of(
        [.. audience.Variations.Select(static variation => (variation.Id!, (int)(variation.Share!.Value * 100)))], before);

    private static void RefuseArchived(Experience experience)
    {
        if (experience.Archived)
        {
            throw AuthoringRefusedException.Conflict("The experience is archived; resume it first.");
        }
    }
}
