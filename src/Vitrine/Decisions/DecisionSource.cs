using System.Collections.Concurrent;
using System.Collections.Immutable;
using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;
using Vitrine.Journal.Records;
using Vitrine.Projection.Behaviours;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary>Keeps what is decided by in step with what is published.</summary>
/// <remarks>
/// Any thread may ask <see cref="Of"/>: it reads one reference. A change is compiled on the thread that made it, before it
/// is answered; only the experiences that changed are compiled, and the others are taken over. A lock keeps two compilers
/// apart, and each compiles what the store has when its turn comes, so that the last one leaves what is newest.
/// </remarks>
internal sealed partial class DecisionSource : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ExperienceStore _store;
    private readonly ExperienceCompiler _compiler;
    private readonly BehaviourWatches _watches;
    private readonly ICatalog _catalog;
    private readonly ILogger<DecisionSource> _logger;
    private readonly ConcurrentDictionary<string, EnvironmentNames> _names = new();
    private ImmutableDictionary<string, EnvironmentDecisions> _environments = ImmutableDictionary<string, EnvironmentDecisions>.Empty;

    /// <summary>Compiles what is published, and follows it until it is disposed of.</summary>
    public DecisionSource(
        ExperienceStore store, ExperienceCompiler compiler, BehaviourWatches watches, ICatalog catalog, ILogger<DecisionSource> logger)
    {
        (_store, _compiler, _watches, _catalog, _logger) = (store, compiler, watches, catalog, logger);
        _store.Changed += TakeOver;
        TakeOver([.. _store.EnvironmentIds]);
    }

    /// <summary>What is decided by in an environment.</summary>
    public EnvironmentDecisions Of(string environmentId) =>
        Volatile.Read(ref _environments).TryGetValue(environmentId, out var decisions) ? decisions : Empty(environmentId);

    /// <summary>The names that conditions of an environment use.</summary>
    public EnvironmentNames NamesOf(string environmentId) => _names.GetOrAdd(environmentId, static _ => new EnvironmentNames());

    /// <summary>Begins to count what the conditions of an experience ask about that is only looked at, where that is not counted yet.</summary>
    public void CountTried(string environmentId, CompiledExperience compiled)
    {
        if (compiled.Behaviours.Count > 0)
        {
            lock (_gate)
            {
                var names = NamesOf(environmentId);
                names.CountTried(compiled.Behaviours, behaviour => Count(environmentId, behaviour));
                _watches.KeepOnly(environmentId, names.Watches);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _store.Changed -= TakeOver;

    private EnvironmentDecisions Empty(string environmentId) => ImmutableInterlocked.GetOrAdd(
        ref _environments, environmentId, id => Gather(id, EnvironmentExperiences.None, []));

    private void TakeOver(IReadOnlyCollection<string> environmentIds)
    {
        lock (_gate)
        {
            foreach (var environmentId in environmentIds)
            {
                var experiences = _store.Of(environmentId);
                var before = new Dictionary<object, CompiledExperience>(ReferenceEqualityComparer.Instance);
                foreach (var one in Volatile.Read(ref _environments).GetValueOrDefault(environmentId)?.Experiences ?? [])
                {
                    before.Add(one.Source, one);
                }

                var compiled = experiences.ByKey.Values
                    .Where(static one => one.Live is not null)
                    .Select(one => before.GetValueOrDefault(one) ?? Compile(one))
                    .OfType<CompiledExperience>()
                    .ToList();
                CountLive(environmentId, compiled);
                Volatile.Write(ref _environments, _environments.SetItem(environmentId, Gather(environmentId, experiences, compiled)));
            }
        }
    }

    /// <summary>
    /// Each time all of them: the experience that a question names may have been made, or named otherwise, since. What
    /// nothing asks any more is counted no longer.
    /// </summary>
    private void CountLive(string environmentId, IEnumerable<CompiledExperience> compiled)
    {
        var names = NamesOf(environmentId);
        names.CountLive(compiled.SelectMany(static one => one.Behaviours).ToHashSet(), behaviour => Count(environmentId, behaviour));
        _watches.KeepOnly(environmentId, names.Watches);
    }

    private EnvironmentDecisions Gather(string environmentId, EnvironmentExperiences experiences, IReadOnlyList<CompiledExperience> compiled) => new(
        NamesOf(environmentId),
        new ControlGroupMembership(Assignment.OfGlobalControlGroup(environmentId), experiences.GlobalControlGroup),
        compiled);

    /// <summary>
    /// An experience is named by its key or its id; goal events are of none, and none of them are counted where one is
    /// named. The days are those of the workspace's zone.
    /// </summary>
    private CountedBehaviour Count(string environmentId, Behaviour behaviour)
    {
        var action = EventActions.Of(behaviour.Event);
        if (_catalog.Current.Find(environmentId) is not { } environment || (action is null && behaviour.Experience is not null))
        {
            return new CountedBehaviour(null, behaviour.Days);
        }

        var experience = behaviour.Experience is { } key && _store.Of(environmentId).ByKey.TryGetValue(key, out var stored)
            ? stored.Experience.Id
            : behaviour.Experience;
        return new CountedBehaviour(
            _watches.Watch(new BehaviourQuestion(environmentId, action, action is null ? behaviour.Event : experience, environment.Workspace.TimeZone)), behaviour.Days);
    }

    /// <summary>What cannot be compiled, although it could be when it was published, is not delivered; the log says why.</summary>
    private CompiledExperience? Compile(StoredExperience stored)
    {
        try
        {
            return _compiler.Compile(stored, stored.Live!, NamesOf(stored.EnvironmentId), counting: true);
        }
        catch (Exception fault) // Whatever it is: it must not keep the others from being decided.
        {
            Uncompilable(stored.Key, stored.EnvironmentId, stored.Live!.Number, fault.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "Version {Version} of the experience {Key} of {Environment} cannot be compiled and is not delivered: {Reason}")]
    private partial void Uncompilable(string key, string environment, int version, string reason);
}
