using Vitrine.Journal;

namespace Vitrine.Projection.Profiles;

/// <summary>
/// The profiles of all customers, in memory: looked up by id or by identifier in about a microsecond, without a query and
/// without an allocation.
/// </summary>
/// <remarks>
/// <para>
/// Any thread may look up, and finds a profile as some committed batch left it, whole. What a batch changes is handed over
/// by the projector's thread behind its commit and before anybody is told that the projection has come that far: whoever
/// waited for a position finds what was stored up to there.
/// </para>
/// <para>
/// The profiles belong to one state of one file. When the projector has opened a file, it says which one and at which
/// position (<see cref="Follow"/>). Is it the file and the position that is held, nothing was lost by the fault before it
/// and all stays; otherwise a new, empty store is fed from then on and loaded from the table beside the projector's
/// thread (<see cref="ProfileLoading"/>), and until that is done readers are told that there is none. A hand-over that
/// fails leaves the position behind that of the file, so the same follows.
/// </para>
/// </remarks>
public sealed class CustomerProfiles : IDisposable
{
    private readonly ProjectionPaths _paths;
    private readonly ProjectionOptions _options;
    private readonly ProjectionMetrics _metrics;
    private readonly Lock _gate = new();
    private TaskCompletionSource _becameReady = NewSignal();
    private TaskCompletionSource _wanted = NewSignal();
    private ProfileStore? _store;
    private volatile ProfileStore? _ready;
    private long _position;

    /// <summary>Creates it empty.</summary>
    public CustomerProfiles(ProjectionPaths paths, ProjectionOptions options, ProjectionMetrics metrics) =>
        (_paths, _options, _metrics) = (paths, options, metrics);

    /// <summary>Whether the profiles are loaded. False at a start and, for a while, after faults of the projection.</summary>
    public bool IsReady => _ready is not null;

    /// <summary>Completes when the profiles are loaded; at once when they are.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return _becameReady.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Appends a customer's attributes as a JSON object, names in ordinal order.</summary>
    /// <param name="environmentId">The environment, UTF-8.</param>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="target">Left as it is when there is nothing.</param>
    /// <returns>False when the customer has no profile, or while <see cref="IsReady"/> is false: ask that behind it.</returns>
    /// <exception cref="IOException">The profile lies on the disk, which refused.</exception>
    public bool TryRead(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> customerId, ByteWriter target) =>
        _ready is { } store && store.TryRead(environmentId, customerId, target);

    /// <summary>Appends the id of the customer whose profile has a value; of several, the one whose profile was updated last.</summary>
    /// <param name="environmentId">The environment, UTF-8.</param>
    /// <param name="name">The attribute, UTF-8: <c>u_em</c> or <c>u_mb</c>; others find nobody.</param>
    /// <param name="value">The value's text, UTF-8. What could not be a customer's id, such as <c>none</c>, finds nobody.</param>
    /// <param name="customerId">Left as it is when there is nobody.</param>
    /// <returns>False when there is nobody, or while <see cref="IsReady"/> is false: ask that behind it.</returns>
    /// <exception cref="IOException">The profile lies on the disk, which refused.</exception>
    public bool TryFind(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ByteWriter customerId) =>
        _ready is { } store && store.TryFind(environmentId, name, value, customerId);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ready = null;
            _store?.Dispose();
            _store = null;
        }
    }

    /// <summary>The projector has opened a file. Its thread only.</summary>
    internal void Follow(long generation, long position)
    {
        lock (_gate)
        {
            if (_store is not null && _store.Generation == generation && _position == position)
            {
                return;
            }

            _ready = null;
            _store?.Dispose();
            _position = position;
            _store = new ProfileStore(
                generation,
                new ProfileHeap(_options.ProfileMemoryBytes, new ProfileFile($"{_paths.File}.profiles-{Guid.NewGuid():N}"), _metrics.ProfileSpillRefused));
            _becameReady = _becameReady.Task.IsCompleted ? NewSignal() : _becameReady;
            _wanted.TrySetResult();
        }
    }

    /// <summary>A batch was committed. The projector's thread only.</summary>
    internal void Apply(IReadOnlyList<ProfileChange> changes, long position)
    {
        if (changes.Count > 0 && _store is { } store)
        {
            store.Apply(changes);
            _metrics.ProfilesHold(store.Size);
        }

        _position = position;
    }

    /// <summary>The store that is to be loaded, as soon as there is one.</summary>
    internal async Task<ProfileStore> NextToLoadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task wanted;
            lock (_gate)
            {
                if (_store is { } store && _ready is null)
                {
                    return store;
                }

                _wanted = _wanted.Task.IsCompleted ? NewSignal() : _wanted;
                wanted = _wanted.Task;
            }

            await wanted.WaitAsync(cancellation);
        }
    }

    /// <summary>A store holds all that its table held.</summary>
    internal void Loaded(ProfileStore store)
    {
        store.EndLoading();
        lock (_gate)
        {
            if (store == _store)
            {
                _ready = store;
                _metrics.ProfilesHold(store.Size);
                _becameReady.TrySetResult();
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
