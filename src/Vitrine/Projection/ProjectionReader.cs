using DuckDB.NET.Data;

namespace Vitrine.Projection;

/// <summary>Runs queries against the projection. Each sees one consistent state, however long it takes.</summary>
/// <remarks>
/// DuckDB blocks its caller, so every query gets a thread of its own rather than one of those that serve requests. Only
/// a few run at once (<see cref="ProjectionOptions.ConcurrentReads"/>), a bounded number waits for a turn, and the rest
/// is told to come back: reports must not take the machine from the acknowledging of events. A query whose request
/// goes away, that takes longer than it may, or that stands in the way of reopening the file, is interrupted.
/// </remarks>
public sealed class ProjectionReader : IDisposable
{
    private readonly ProjectionPaths _paths;
    private readonly ProjectionOptions _options;
    private readonly Projector _projector;
    private readonly ReadTurns _reads;
    private readonly ReadTurns _exports;

    /// <summary>Creates the reader of a projector's file.</summary>
    public ProjectionReader(ProjectionPaths paths, ProjectionOptions options, Projector projector)
    {
        (_paths, _options, _projector) = (paths, options, projector);
        _reads = new ReadTurns(options.ConcurrentReads, options.ReadLimit, options.TurnPatience);
        _exports = new ReadTurns(options.ConcurrentExports, options.ExportLimit, options.TurnPatience);
    }

    /// <summary>Another number whenever the file may be another one; the same throughout a query.</summary>
    public long Generation => _projector.Gate.Generation;

    /// <summary>Runs a workspace's query within a read transaction.</summary>
    /// <exception cref="ProjectionUnavailableException">The projection is being opened or repaired, or too many wait.</exception>
    /// <exception cref="ProjectionLimitException">The query takes more time or memory than it may.</exception>
    public Task<T> ReadAsync<T>(string workspaceId, Func<DuckDBConnection, T> query, CancellationToken cancellation) =>
        ReadAsync(workspaceId, (connection, _) => query(connection), cancellation);

    /// <summary>As <see cref="ReadAsync{T}(string, Func{DuckDBConnection, T}, CancellationToken)"/>, for a query that does work of its own; told when it must end.</summary>
    /// <exception cref="ProjectionUnavailableException">The projection is being opened or repaired, or too many wait.</exception>
    /// <exception cref="ProjectionLimitException">The query takes more time or memory than it may.</exception>
    public Task<T> ReadAsync<T>(string workspaceId, Func<DuckDBConnection, CancellationToken, T> query, CancellationToken cancellation) =>
        RunAsync(_reads, workspaceId, query, cancellation);

    /// <summary>As <see cref="ReadAsync{T}(string, Func{DuckDBConnection, T}, CancellationToken)"/>, for what may last as long as a client's download; told when it must end.</summary>
    /// <exception cref="ProjectionUnavailableException">The projection is being opened or repaired, or too many wait.</exception>
    /// <exception cref="ProjectionLimitException">The query takes more time or memory than it may.</exception>
    public Task<T> ExportAsync<T>(
        string workspaceId, Func<DuckDBConnection, CancellationToken, T> query, CancellationToken cancellation) =>
        RunAsync(_exports, workspaceId, query, cancellation);

    /// <summary>As <see cref="ReadAsync{T}(string, Func{DuckDBConnection, T}, CancellationToken)"/>, for the server's own work, which waits for nobody's turn.</summary>
    internal Task<T> MaintainAsync<T>(Func<DuckDBConnection, T> work, CancellationToken cancellation) =>
        Start((connection, _) => work(connection), cancellation, cancellation);

    /// <summary>As <see cref="MaintainAsync{T}(Func{DuckDBConnection, T}, CancellationToken)"/>, for work that is told when it must end.</summary>
    internal Task<T> MaintainAsync<T>(Func<DuckDBConnection, CancellationToken, T> work, CancellationToken cancellation) =>
        Start(work, cancellation, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reads.Dispose();
        _exports.Dispose();
    }

    private async Task<T> RunAsync<T>(
        ReadTurns turns, string workspaceId, Func<DuckDBConnection, CancellationToken, T> query, CancellationToken cancellation)
    {
        if (!await turns.TryTakeAsync(workspaceId, cancellation))
        {
            throw new ProjectionUnavailableException("Too many reports are waiting for a turn; ask again in a moment.", null);
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(turns.Limit);
            return await Start(query, limit.Token, cancellation);
        }
        finally
        {
            turns.Return(workspaceId);
        }
    }

    private Task<T> Start<T>(
        Func<DuckDBConnection, CancellationToken, T> query, CancellationToken limit, CancellationToken request) =>
        Task.Factory.StartNew(
            () => Read(query, limit, request),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);

    private T Read<T>(Func<DuckDBConnection, CancellationToken, T> query, CancellationToken limit, CancellationToken request)
    {
        if (!_projector.Gate.TryEnter(out var closing))
        {
            throw new ProjectionUnavailableException(null);
        }

        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit, closing);
            return Read(query, stop.Token);
        }
        catch (Exception fault) when (closing.IsCancellationRequested || ProjectionFile.MeansInvalidated(fault))
        {
            throw new ProjectionUnavailableException(fault);
        }
        catch (Exception fault) when (ProjectionFile.MeansCorruption(fault))
        {
            _projector.Distrust(fault);
            throw new ProjectionUnavailableException(fault);
        }
        catch (Exception) when (request.IsCancellationRequested)
        {
            throw new OperationCanceledException(request);
        }
        catch (Exception fault) when (limit.IsCancellationRequested || ProjectionFile.MeansOutOfMemory(fault))
        {
            throw new ProjectionLimitException(fault);
        }
        finally
        {
            _projector.Gate.Leave();
        }
    }

    private T Read<T>(Func<DuckDBConnection, CancellationToken, T> query, CancellationToken stop)
    {
        using var connection = ProjectionFile.Open(_paths.File, _options);
        using var interruption = new QueryInterruption(connection, stop);
        ProjectionFile.Execute(connection, "BEGIN TRANSACTION READ ONLY");
        var answer = query(connection, stop);
        stop.ThrowIfCancellationRequested();
        ProjectionFile.Execute(connection, "COMMIT");
        return answer;
    }
}

/// <summary>The projection cannot be read at the moment; the same question can be asked again.</summary>
public sealed class ProjectionUnavailableException(string message, Exception? cause) : Exception(message, cause)
{
    /// <summary>It is being opened or repaired.</summary>
    public ProjectionUnavailableException(Exception? cause)
        : this("The projection is being opened or repaired; ask again in a moment.", cause)
    {
    }
}

/// <summary>A question takes more time or memory than one may.</summary>
public sealed class ProjectionLimitException(Exception cause)
    : Exception("This report takes more time or memory than one may. Ask for a shorter range, fewer dimensions or a wider scale.", cause);
