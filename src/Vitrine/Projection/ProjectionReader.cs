using DuckDB.NET.Data;

namespace Vitrine.Projection;

/// <summary>Runs queries against the projection. Each sees one consistent state, however long it takes.</summary>
/// <remarks>
/// DuckDB blocks its caller, so every query gets a thread of its own rather than one of those that serve requests, and
/// only <see cref="ProjectionOptions.ConcurrentReads"/> run at once; others wait their turn.
/// </remarks>
public sealed class ProjectionReader(ProjectionPaths paths, ProjectionOptions options, Projector projector) : IDisposable
{
    private readonly SemaphoreSlim _reads = new(options.ConcurrentReads);
    private readonly SemaphoreSlim _exports = new(options.ConcurrentExports);

    /// <summary>Runs a query within a read transaction.</summary>
    /// <exception cref="ProjectionUnavailableException">The projection is being opened or repaired.</exception>
    public Task<T> ReadAsync<T>(Func<DuckDBConnection, T> query, CancellationToken cancellation) =>
        RunAsync(_reads, query, cancellation);

    /// <summary>As <see cref="ReadAsync"/>, for what may last as long as a client's download.</summary>
    /// <exception cref="ProjectionUnavailableException">The projection is being opened or repaired.</exception>
    public Task<T> ExportAsync<T>(Func<DuckDBConnection, T> query, CancellationToken cancellation) =>
        RunAsync(_exports, query, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _reads.Dispose();
        _exports.Dispose();
    }

    private async Task<T> RunAsync<T>(SemaphoreSlim turns, Func<DuckDBConnection, T> query, CancellationToken cancellation)
    {
        await turns.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(
                () => Read(query),
                cancellation,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default);
        }
        finally
        {
            turns.Release();
        }
    }

    private T Read<T>(Func<DuckDBConnection, T> query)
    {
        if (!projector.IsOpen)
        {
            throw new ProjectionUnavailableException(null);
        }

        try
        {
            using var connection = ProjectionFile.Open(paths.File, options);
            ProjectionFile.Execute(connection, "BEGIN TRANSACTION READ ONLY");
            var answer = query(connection);
            ProjectionFile.Execute(connection, "COMMIT");
            return answer;
        }
        catch (DuckDBException fault) when (!projector.IsOpen || IsFatal(fault))
        {
            throw new ProjectionUnavailableException(fault);
        }
    }

    private static bool IsFatal(DuckDBException fault) =>
        fault.Message.Contains("database has been invalidated", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The projection cannot be read at the moment; it repairs itself, and the same question can be asked again.</summary>
public sealed class ProjectionUnavailableException(Exception? cause)
    : Exception("The projection is being opened or repaired; ask again in a moment.", cause);
