namespace Vitrine.Experiences;

/// <summary>An experience with what is decided by, at one moment. Immutable.</summary>
/// <param name="EnvironmentId">Whose it is.</param>
/// <param name="Revision">Of the catalog's document: one more with each change.</param>
/// <param name="Experience">Its draft and state.</param>
/// <param name="Live">Its newest version; null before the first.</param>
public sealed record StoredExperience(string EnvironmentId, long Revision, Experience Experience, ExperienceVersion? Live)
{
    /// <summary>When the live version is active.</summary>
    public Schedule Schedule { get; } = Live is null ? new Schedule(null, null) : Schedule.Of(Live.Document);

    /// <summary>By which clients ask for it.</summary>
    public string Key => Experience.Draft.Key;

    /// <summary>By which the management API tells its states apart.</summary>
    public string EntityTag => $"\"{Revision}\"";

    /// <summary>What it is doing at a moment.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public ExperienceStatus StatusAt(long now) =>
        Experience.Archived ? ExperienceStatus.Archived
        : Live is null ? ExperienceStatus.Draft
        : Schedule.StatusAt(now, Experience.Paused);
}

/// <summary>All experiences of an environment at one moment. Immutable.</summary>
/// <param name="ByKey">The experiences, in the ordinal order of their keys.</param>
/// <param name="GlobalControlGroup">Who is kept out of all of them.</param>
/// <param name="ControlGroupRevision">Of the catalog's document about that; 0 when it was never set.</param>
public sealed record EnvironmentExperiences(
    IReadOnlyDictionary<string, StoredExperience> ByKey, ControlGroup GlobalControlGroup, long ControlGroupRevision)
{
    /// <summary>Nothing was made yet.</summary>
    public static EnvironmentExperiences None { get; } = new(new Dictionary<string, StoredExperience>(), new ControlGroup(0), 0);

    /// <summary>The experience with an id, which stands before the first underscore of its cids; null when there is none.</summary>
    public StoredExperience? Find(string experienceId) => ByKey.Values.FirstOrDefault(one => one.Experience.Id == experienceId);
}
