using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Writes events to a Parquet file, in no particular order.</summary>
internal static class ParquetExport
{
    /// <summary>
    /// <see cref="Journal.RequestId"/> in SQL, because a file of many events is written by DuckDB itself. A test compares
    /// the two.
    /// </summary>
    private static readonly string RequestIdSql = string.Join(" || ", Enumerable.Range(0, 8).Select(static digit => string.Create(
        CultureInfo.InvariantCulture,
        $"'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[1 + (position::HUGEINT * 134775813961357 % 218340105584896 // {(long)Math.Pow(62, 7 - digit)} % 62)::INTEGER]")));

    /// <summary>
    /// Writes the file; answers the number of events. Columns as in the other formats; <c>received_at</c> is a
    /// timestamp, <c>attributes</c> JSON text.
    /// </summary>
    public static long Write(DuckDBConnection connection, EventRows events, string environmentId, ReportRange range, string file)
    {
        // COPY takes no parameters: what goes in here are numbers and a path that the server made itself.
        var rows = events.Sql.Replace(
            "$environment", ReportSql.EnvironmentNumber(connection, environmentId).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            COPY (
              SELECT * EXCLUDE (position) REPLACE (make_timestamp(received_at * 1000) AS received_at), {RequestIdSql} AS req_id
              FROM ({rows} AND e.event_time >= {range.FromSeconds} AND e.event_time < {range.ToSeconds}))
            TO '{file.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet, COMPRESSION zstd)
            """);
        return command.ExecuteNonQuery();
    }
}
