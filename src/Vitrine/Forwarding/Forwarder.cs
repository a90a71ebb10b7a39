using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary>Runs the workers of all targets, and answers how far they are.</summary>
/// <remarks>
/// A file of bookmarks that is damaged stops forwarding, and nothing else: to begin anew would leave events out or repeat
/// all, and that is for the operator to say. One that cannot be opened now is tried again. The journal is held back from the first moment, before anything is
/// trimmed, and as long as bookmarks are not known nothing is.
/// </remarks>
internal sealed partial class Forwarder : IHostedService, IDisposable
{
    private readonly IJournal _journal;
    private readonly TimeProvider _time;
    private readonly ILogger<Forwarder> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<TargetState> _states;
    private readonly Func<ForwardingStore, TargetState, TargetWorker> _create;
    private readonly string _path;
    private readonly bool _isNeeded;
    private readonly ForwardingOptions _options;
    private readonly ForwardingMetrics _metrics;
    private readonly RefusedRequests _refused;
    private readonly ICatalog _catalog;
    private readonly List<Task> _comparisons = [];
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private IReadOnlyList<TargetWorker> _workers = [];
    private Task _beginning = Task.CompletedTask;

    public Forwarder(
        DataDirectory directory, ForwardingOptions options, IJournal journal, JournalHolds holds, CountedItems counted, RefusedRequests refused, ICatalog catalog, ForwardingMetrics metrics, TimeProvider time, ILoggerFactory logging)
    {
        (_journal, _options, _refused, _catalog, _metrics, _time, _logger) = (journal, options, refused, catalog, metrics, time, logging.CreateLogger<Forwarder>());
        _path = directory.Forwarding;
        _isNeeded = options.Targets.Count > 0 || File.Exists(_path);
        _states = [.. options.Targets.Select(target => new TargetState(target, metrics, time))];
        var logger = logging.CreateLogger<TargetWorker>();
        _create = (store, state) => new TargetWorker(state, Channels.Open(state.Target, options, time), journal, counted, store, options, metrics, time, logger);
        foreach (var state in _states)
        {
            holds.Add(() => Needed(state));
        }

        metrics.Watch(Lags, () => holds.HeldBytes);
    }

    /// <summary>What is kept; null where there is nothing, or it cannot be read.</summary>
    public ForwardingStore? Store { get; private set; }

    /// <summary>How far the configured targets are.</summary>
    public IReadOnlyList<TargetState> States => _states;

    /// <summary>The worker of a target; null when it is not configured, has not begun, or is stopped.</summary>
    public TargetWorker? Find(string target) => _workers.FirstOrDefault(one => one.State.Target.Name == target && one.State.Activity != Activity.Stopped);

    /// <summary>Records behind a target's bookmark.</summary>
    public long LagRecords(TargetState state) => _journal.CountBehind(state.Bookmark);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_isNeeded)
        {
            return Task.CompletedTask;
        }

        if (!TryBegin())
        {
            _beginning = Task.Run(BeginLaterAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    /// <summary>Opens what is kept and starts the workers; false where that may go better later.</summary>
    private bool TryBegin()
    {
        ForwardingStore? store = null;
        try
        {
            store = new ForwardingStore(_path);
            foreach (var state in _states)
            {
                state.Turn(Activity.Starting); // It may have been stopped by an earlier try.
            }

            var workers = _states.Select(state => _create(store, state)).ToList();
            foreach (var worker in workers)
            {
                worker.Prepare();
                WarnOfStranger(worker.State.Target);
            }

            (Store, _workers) = (store, workers);
        }
        catch (Exception fault) when (fault is SqliteException or InvalidDataException)
        {
            store?.Dispose();
            var isDamaged = ForwardingStore.MeansDamage(fault);
            Unreadable(fault, isDamaged ? LogLevel.Critical : LogLevel.Error, _path, isDamaged ? "Restore it from a backup, or move it away: then each target begins as its 'from' says" : "It is tried again");
            foreach (var state in _states)
            {
                state.Turn(Activity.Stopped);
                state.Note(isDamaged ? "forwarding.db is damaged; restore it, or move it away and each target begins as its 'from' says" : "forwarding.db cannot be opened now; it is tried again");
            }

            return isDamaged;
        }

        foreach (var worker in _workers.Where(static one => one.State.Activity != Activity.Stopped))
        {
            worker.Start(_stopping.Token);
            if (worker is { State.Target: MoEngageTarget { Compare: true } target, Channel: MoEngageChannel channel })
            {
                Compare(target, channel, Store);
            }
        }

        return true;
    }

    private async Task BeginLaterAsync()
    {
        do
        {
            await Task.Delay(_options.LongestPause < Again ? _options.LongestPause : Again, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!_stopping.IsCancellationRequested && !TryBegin());
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _beginning.WaitAsync(cancellationToken);
        await Task.WhenAll(_comparisons).WaitAsync(cancellationToken);
        await Task.Factory.StartNew(
            () =>
            {
                foreach (var worker in _workers)
                {
                    worker.Join();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(cancellationToken);
        foreach (var worker in _workers)
        {
            await worker.Channel.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        Store?.Dispose();
    }

    private void WarnOfStranger(ForwardTarget target)
    {
        var isTest = target.Environment.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal);
        if (_catalog.Current.Find(isTest ? target.Environment[..^WorkspaceEnvironment.TestSuffix.Length] : target.Environment) is null)
        {
            Stranger(target.Name, target.Environment);
        }
    }

    private void Compare(MoEngageTarget target, MoEngageChannel channel, ForwardingStore store)
    {
        var comparison = new RefusedComparison(target, channel, store, _options, _metrics, _time, _logger);
        _refused.Listen(target.Environment, comparison);
        _comparisons.Add(Task.Run(() => comparison.RunAsync(_stopping.Token)));
    }

    /// <summary>Up to where a target needs nothing of the journal any more.</summary>
    private static long Needed(TargetState state) =>
        state.Kept < 0 ? 0
        : state.Lag > state.Target.Hold ? long.MaxValue
        : state.Kept;

    private IEnumerable<(string Target, long Records, TimeSpan Age, long? Aside, bool IsStopped)> Lags()
    {
        IReadOnlyDictionary<string, long>? aside = null;
        try
        {
            aside = Store?.AsideCounts();
        }
        catch (SqliteException fault)
        {
            Uncounted(fault); // The others are known.
        }

        return _states.Select(state => (state.Target.Name, LagRecords(state), state.Lag, aside?.GetValueOrDefault(state.Target.Name), state.Activity == Activity.Stopped));
    }

    [LoggerMessage(LogLevel.Warning, "The target {Target} is of the environment {Environment}, and there is no such workspace; nothing goes there until it is made")]
    private partial void Stranger(string target, string environment);

    [LoggerMessage("{File} cannot be opened, and nothing is forwarded; all else goes on. {Advice}")]
    private partial void Unreadable(Exception fault, LogLevel level, string file, string advice);

    [LoggerMessage(LogLevel.Error, "What was set aside could not be counted")]
    private partial void Uncounted(Exception fault);
}
