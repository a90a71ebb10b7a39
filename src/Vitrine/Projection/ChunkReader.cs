using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Vitrine.Projection;

/// <summary>Reads the rows of a query as DuckDB's own column vectors, 2,048 rows at a time, without materialising them.</summary>
/// <remarks>
/// A row costs a load per column, where the row-wise reader costs a call per value and Arrow batches a copy of their
/// own. Belongs to one thread and one connection, on which nothing else may run until it is disposed of. A span that
/// <see cref="Column"/> gives is DuckDB's memory and good until the next <see cref="Read"/>. Columns must not be NULL.
/// </remarks>
internal sealed unsafe class ChunkReader : IDisposable
{
    private readonly DuckDBPreparedStatement _statement;
    private DuckDBResult _result;
    private DuckDBDataChunk? _chunk;

    /// <summary>Starts a query without parameters.</summary>
    /// <exception cref="ChunkReaderException">DuckDB refused it.</exception>
    public ChunkReader(DuckDBConnection connection, string sql)
    {
        if (NativeMethods.PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out _statement) != DuckDBState.Success)
        {
            var reason = NativeMethods.PreparedStatements.DuckDBPrepareError(_statement);
            _statement.Dispose();
            throw new ChunkReaderException(reason);
        }

        if (NativeMethods.PreparedStatements.DuckDBExecutePreparedStreaming(_statement, out _result) != DuckDBState.Success)
        {
            var reason = NativeMethods.Query.DuckDBResultError(ref _result);
            Dispose();
            throw new ChunkReaderException(reason);
        }
    }

    /// <summary>Rows of the present chunk.</summary>
    public int Rows { get; private set; }

    /// <summary>Goes on to the next chunk. False behind the last.</summary>
    /// <exception cref="ChunkReaderException">The query failed or was interrupted.</exception>
    public bool Read()
    {
        _chunk?.Dispose();
        _chunk = NativeMethods.StreamingResult.DuckDBStreamFetchChunk(_result);
        Rows = _chunk.IsInvalid ? 0 : (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(_chunk);
        return Rows > 0 || (NativeMethods.Query.DuckDBResultError(ref _result) is { Length: > 0 } reason
            ? throw new ChunkReaderException(reason)
            : false);
    }

    /// <summary>A fixed-width column of the present chunk. The width must be the column's.</summary>
    public ReadOnlySpan<T> Column<T>(int column)
        where T : unmanaged =>
        new(NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk!, column)), Rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _chunk?.Dispose();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
        _statement.Dispose();
    }
}

/// <summary>DuckDB could not finish a query that was read by chunks; the message is DuckDB's.</summary>
internal sealed class ChunkReaderException(string reason) : IOException(reason);
