using System.Text;
using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Tests.Projection;

/// <summary>Rows read as column vectors, and what becomes of a query that fails on the way.</summary>
public sealed class ChunkReaderTests : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public ChunkReaderTests() => _connection.Open();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(100_000)]
    public void Every_row_is_read_once(int rows)
    {
        using var reader = new ChunkReader(_connection, $"SELECT i, (i % 200)::UTINYINT FROM range({rows}) AS numbers(i)");
        var next = 0L;
        while (reader.Read())
        {
            var numbers = reader.Column<long>(0);
            var bytes = reader.Column<byte>(1);
            for (var row = 0; row < reader.Rows; row++, next++)
            {
                numbers[row].ShouldBe(next);
                bytes[row].ShouldBe((byte)(next % 200));
            }
        }

        next.ShouldBe(rows);
    }

    [Fact]
    public void Texts_of_any_length_and_uuids_are_read_as_they_are()
    {
        using var reader = new ChunkReader(
            _connection,
            "SELECT repeat('é', i::INTEGER), ('00000000-0000-0000-0000-' || lpad(i::VARCHAR, 12, '0'))::UUID FROM range(3000) AS numbers(i)");
        var next = 0;
        while (reader.Read())
        {
            var texts = reader.TextColumn(0);
            var uuids = reader.UuidColumn(1);
            for (var row = 0; row < reader.Rows; row++, next++)
            {
                Encoding.UTF8.GetString(texts[row]).ShouldBe(new string('é', next));
                Vitrine.Journal.Records.Uuids.Format(uuids[row]).ShouldBe($"00000000-0000-0000-0000-{next:D12}");
            }
        }

        next.ShouldBe(3000);
    }

    [Fact]
    public void A_query_that_cannot_be_asked_says_why() =>
        Should.Throw<ChunkReaderException>(() => new ChunkReader(_connection, "SELECT nothing FROM nowhere")).Message.ShouldContain("nowhere");

    [Fact]
    public void A_query_that_fails_halfway_does_not_look_as_if_it_had_ended()
    {
        ProjectionFile.Execute(_connection, "SET threads = 1"); // Of several, DuckDB may name one that was interrupted by the failure of another.
        Should.Throw<ChunkReaderException>(() => ReadAll(
            "SELECT CASE WHEN i = 900000 THEN error('halfway') ELSE i END FROM range(1000000) AS numbers(i)")).Message.ShouldContain("halfway");
    }

    public void Dispose() => _connection.Dispose();

    private void ReadAll(string sql)
    {
        using var reader = new ChunkReader(_connection, sql);
        while (reader.Read())
        {
        }
    }
}
