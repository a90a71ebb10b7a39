using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary>The experiences of all environments in memory, as the catalog has them.</summary>
/// <remarks>
/// Any thread may read <see cref="Of"/>. The store takes over what changed when the catalog says so, on the thread that
/// made the change, so that a change is seen by whoever asks after it was answered. A lock keeps two takers apart until
/// those who listen have taken it over too: whoever finds his change taken by another, finds it in force. Each reads
/// everything behind the last change that was taken, so it does not matter which of them takes which. A document that
/// cannot be read, as a newer version may have written it, is left as it was and logged. Where the catalog cannot be
/// read, what was committed stays committed, and is taken over with the next change.
/// </remarks>
public sealed partial class ExperienceStore : IDisposable
{
    /// <summary>An experience's draft and state; the id of the document is the experience's.</summary>
    internal const string ExperienceKind = "experience";

    /// <summary>A published version; the id is the experience's, a point and the number.</summary>
    internal const string VersionKind = "experience_version";

    /// <summary>Which experience has a key; the id is the key.</summary>
    internal const string KeyKind = "experience_key";

    /// <summary>The environment's control group; there is one.</summary>
    internal const string ControlGroupKind = "control_group";

    private readonly Lock _gate = new();
    private readonly ICatalog _catalog;
    private readonly ILogger<ExperienceStore> _logger;
    private readonly Dictionary<(string Environment, string Id), StoredExperience> _experiences = [];
    private readonly Dictionary<string, (ControlGroup Group, long Revision)> _controlGroups = [];
    private ImmutableDictionary<string, EnvironmentExperiences> _environments = ImmutableDictionary<string, EnvironmentExperiences>.Empty;
    private long _experienceChange;
    private long _controlGroupChange;

    /// <summary>Reads what the catalog has, and follows it until it is disposed of.</summary>
    public ExperienceStore(ICatalog catalog, ILogger<ExperienceStore> logger)
    {
        (_catalog, _logger) = (catalog, logger);
        TakeOver();
        _catalog.DocumentsChanged += TakeOver;
    }

    /// <summary>Raised with the environments that changed, after they can be read and before anybody else's change is taken over.</summary>
    public event Action<IReadOnlyCollection<string>>? Changed;

    /// <summary>The environments that have experiences or a control group.</summary>
    public IEnumerable<string> EnvironmentIds => Volatile.Read(ref _environments).Keys;

    /// <summary>The experiences of an environment.</summary>
    public EnvironmentExperiences Of(string environmentId) =>
        Volatile.Read(ref _environments).GetValueOrDefault(environmentId, EnvironmentExperiences.None);

    /// <summary>A published version; null when there is none of that number.</summary>
    public ExperienceVersion? ReadVersion(string environmentId, string experienceId, int number) =>
        _catalog.Find(environmentId, VersionKind, VersionId(experienceId, number)) is { } document
            ? Read(document, ExperiencesJson.Readable.ExperienceVersion)
            : null;

    /// <inheritdoc/>
    public void Dispose() => _catalog.DocumentsChanged -= TakeOver;

    internal static string VersionId(string experienceId, int number) => string.Create(CultureInfo.InvariantCulture, $"{experienceId}.{number}");

    private void TakeOver()
    {
        lock (_gate)
        {
            HashSet<string> changed = [];
            try
            {
                TakeOver(changed);
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or IOException)
            {
                Behind(fault.Message);
            }

            foreach (var environment in changed)
            {
                Volatile.Write(ref _environments, _environments.SetItem(environment, Gather(environment)));
            }

            if (changed.Count > 0)
            {
                Changed?.Invoke(changed);
            }
        }
    }

    /// <summary>A change counts as taken when it is: one that could not be read is read again.</summary>
    private void TakeOver(HashSet<string> changed)
    {
        foreach (var document in _catalog.ReadChanged(ExperienceKind, _experienceChange))
        {
            TakeOverExperience(document, changed);
            _experienceChange = document.Change;
        }

        foreach (var document in _catalog.ReadChanged(ControlGroupKind, _controlGroupChange))
        {
            if (Read(document, ExperiencesJson.Readable.ControlGroup) is { } group)
            {
                _controlGroups[document.EnvironmentId] = (group, document.Revision);
                changed.Add(document.EnvironmentId);
            }

            _controlGroupChange = document.Change;
        }
    }

    private void TakeOverExperience(CatalogDocument document, HashSet<string> changed)
    {
        if (Read(document, ExperiencesJson.Readable.Experience) is not { } experience)
        {
            return;
        }

        var before = _experiences.GetValueOrDefault((document.EnvironmentId, document.Id));
        var live = experience.LiveVersion == (before?.Live?.Number ?? 0)
            ? before?.Live
            : ReadVersion(document.EnvironmentId, document.Id, experience.LiveVersion);
        _experiences[(document.EnvironmentId, document.Id)] = new StoredExperience(document.EnvironmentId, document.Revision, experience, live);
        changed.Add(document.EnvironmentId);
    }

    private EnvironmentExperiences Gather(string environment)
    {
        var (group, revision) = _controlGroups.GetValueOrDefault(environment, (new ControlGroup(0), 0));
        return new EnvironmentExperiences(
            _experiences.Values
                .Where(one => one.EnvironmentId == environment)
                .ToImmutableSortedDictionary(static one => one.Key, static one => one, StringComparer.Ordinal),
            group,
            revision);
    }

    private T? Read<T>(CatalogDocument document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document.Body, type);
        }
        catch (JsonException fault)
        {
            Unreadable(document.Kind, document.Id, document.EnvironmentId, fault.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "The catalog cannot be read; changes of experiences come into force later: {Reason}")]
    private partial void Behind(string reason);

    [LoggerMessage(LogLevel.Error, "The {Kind} {Id} of {Environment} cannot be read and stays as it was: {Reason}")]
    private partial void Unreadable(string kind, string id, string environment, string reason);
}
