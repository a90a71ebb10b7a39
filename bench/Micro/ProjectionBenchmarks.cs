using BenchmarkDotNet.Attributes;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Vitrine.Projection;
using Vitrine.Projection.Deduplication;

namespace Vitrine.Micro;

/// <summary>What each event costs the projector, apart from reading its record: the figures are for one event.</summary>
public class ProjectionBenchmarks
{
    private const int Events = 1_000_000;

    private readonly UInt128[] _uuids = new UInt128[Events];

    [GlobalSetup]
    public void SetUp() => System.Security.Cryptography.RandomNumberGenerator.Fill(
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(_uuids.AsSpan()));

    /// <summary>Adds to a set that grows from nothing to a million.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long AddUuid()
    {
        using var counted = new CountedUuids("unused", long.MaxValue, static () => { });
        var seen = counted.Of(1);
        foreach (var uuid in _uuids)
        {
            seen.Add(uuid);
        }

        return seen.Count;
    }

    /// <summary>Rows of the most used columns into a table in memory, in one transaction.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public void AppendRow()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        ProjectionFile.Execute(connection, "CREATE TABLE events (context INTEGER, received_at BIGINT, uuid UUID, click_target INTEGER)");
        using var rows = new ChunkAppender(connection, "events", DuckDBType.Integer, DuckDBType.BigInt, DuckDBType.Uuid, DuckDBType.Integer);
        ProjectionFile.Execute(connection, "BEGIN TRANSACTION");
        for (var index = 0; index < _uuids.Length; index++)
        {
            rows.Set(0, index % 12);
            rows.Set(1, Bodies.Now);
            rows.SetUuid(2, _uuids[index]);
            rows.SetNull(3);
            rows.EndRow();
        }

        rows.Flush();
        ProjectionFile.Execute(connection, "COMMIT");
    }
}
