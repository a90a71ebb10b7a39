using System.Text.Json;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

public sealed partial class ExperienceAuthoring
{
    /// <summary>The id of an experience that was not made yet.</summary>
    private static readonly string NoId = new('0', 24);

    /// <summary>What an experience would be if a document was stored as its draft. Nothing is stored.</summary>
    /// <param name="environment">Whose it is.</param>
    /// <param name="present">What it is at present; null: it is to be made.</param>
    /// <param name="body">The document.</param>
    /// <exception cref="AuthoringRefusedException">Something is wrong with it.</exception>
    public StoredExperience Imagine(WorkspaceEnvironment environment, StoredExperience? present, JsonElement body)
    {
        var read = ExperienceReading.Read(body, present?.Experience, environment.Workspace.TimeZone);
        if (present is not null)
        {
            return present with { Experience = Changed(present, read).Experience };
        }

        var (document, given) = GivenIds.None.Name(read, null);
        var stamp = new Stamp(time.GetUtcNow(), "");
        return new StoredExperience(
            environment.Id,
            0,
            new Experience { Id = NoId, Draft = document, GivenIds = given, HasUnpublishedChanges = true, Created = stamp, Updated = stamp },
            null);
    }
}
