using System.Runtime.InteropServices;
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

    /// <summary>A column of UUIDs, in the order of their text; DuckDB keeps them as numbers with the highest bit turned.</summary>
    public Uuids UuidColumn(int column) => new(Column<UInt128>(column));

    /// <summary>A column of texts in UTF-8.</summary>
    public Texts TextColumn(int column) => new(Column<UInt128>(column));

    /// <inheritdoc/>
    public void Dispose()
    {
        _chunk?.Dispose();
        NativeMethods.Query.DuckDBDestroyResult(ref _result);
        _statement.Dispose();
    }

    /// <summary>The UUIDs of a chunk.</summary>
    public readonly ref struct Uuids(ReadOnlySpan<UInt128> values)
    {
        private readonly ReadOnlySpan<UInt128> _values = values;

        /// <summary>That of a row.</summary>
        public UInt128 this[int row] => _values[row] ^ (UInt128.One << 127);
    }

    /// <summary>The texts of a chunk.</summary>
    /// <remarks>
    /// DuckDB's <c>duckdb_string_t</c> (duckdb.h): sixteen bytes, of which the first four are the length. Up to twelve
    /// bytes of text follow it at once; of a longer text four do, and then its address.
    /// </remarks>
    public readonly ref struct Texts(ReadOnlySpan<UInt128> values)
    {
        private const int LongestInline = 12;
        private readonly ReadOnlySpan<UInt128> _values = values;

        /// <summary>That of a row.</summary>
        public ReadOnlySpan<byte> this[int row]
        {
            get
            {
                ref readonly var value = ref _values[row];
                var length = (int)(uint)value;
                return length <= LongestInline
                    ? MemoryMarshal.AsBytes(_values.Slice(row, 1)).Slice(4, length)
                    : new ReadOnlySpan<byte>((void*)(ulong)(value >> 64), length);
            }
        }
    }
}

/// <summary>DuckDB could not finish a query that was read by chunks; the message is DuckDB's.</summary>
internal sealed class ChunkReaderException(string reason) : IOException(reason);
