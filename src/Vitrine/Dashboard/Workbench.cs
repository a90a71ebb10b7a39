using System.Text.Json;
using Vitrine.Experiences;
using Vitrine.People;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard;

/// <summary>Changes of experiences by whoever is signed in, in that person's name.</summary>
/// <remarks>
/// Each member asks first whether the person may, and is refused when somebody else changed the experience since it was
/// seen. Nothing else in the dashboard changes an experience.
/// </remarks>
internal sealed class Workbench(SignedIn signedIn, ExperienceAuthoring authoring)
{
    /// <summary>Makes an experience.</summary>
    public async Task<StoredExperience> CreateAsync(WorkspaceEnvironment environment, JsonElement document) =>
        authoring.Create(environment, await EditorAsync(), document);

    /// <summary>Replaces the draft that somebody saw.</summary>
    public async Task<StoredExperience> SaveAsync(WorkspaceEnvironment environment, StoredExperience seen, JsonElement document) =>
        authoring.Change(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen), _ => document);

    /// <summary>Makes the draft that somebody saw what is delivered.</summary>
    public async Task<StoredExperience> PublishAsync(WorkspaceEnvironment environment, StoredExperience seen) =>
        authoring.Publish(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen));

    /// <summary>Lets it rest.</summary>
    public async Task<StoredExperience> PauseAsync(WorkspaceEnvironment environment, StoredExperience seen) =>
        authoring.Pause(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen));

    /// <summary>Lets it go on.</summary>
    public async Task<StoredExperience> ResumeAsync(WorkspaceEnvironment environment, StoredExperience seen) =>
        authoring.Resume(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen));

    /// <summary>Puts it away.</summary>
    public async Task<StoredExperience> ArchiveAsync(WorkspaceEnvironment environment, StoredExperience seen) =>
        authoring.Archive(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen));

    /// <summary>Makes a draft of what another one is.</summary>
    public async Task<StoredExperience> DuplicateAsync(WorkspaceEnvironment environment, StoredExperience seen, string key) =>
        authoring.Duplicate(environment, await EditorAsync(), seen.Key, new DuplicateBody(key, null));

    /// <summary>Makes the draft what a version was.</summary>
    public async Task<StoredExperience> RevertAsync(WorkspaceEnvironment environment, StoredExperience seen, int version) =>
        authoring.Revert(environment, await EditorAsync(), seen.Key, EntityTags.Of(seen), version);

    private async Task<string> EditorAsync() => (await signedIn.DemandAsync(Role.Editor)).Name;
}
