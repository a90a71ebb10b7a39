using System.Collections.Concurrent;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>The SQL of this folder and the questions that every report asks first.</summary>
internal static class ReportSql
{
    private static readonly ConcurrentDictionary<string, string> Files = new();

    /// <summary>The text of a file in <c>Sql/</c>.</summary>
    public static string Read(string name) => Files.GetOrAdd(name, static name =>
    {
        using var stream = typeof(ReportSql).Assembly.GetManifestResourceStream($"Vitrine.Reports.Sql.{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>The last record that took events of an environment away, by erasure or because their time was over; 0 when none has.</summary>
    public static long LastRemoval(DuckDBConnection connection, int environment)
    {
        using var command = Command(
            connection,
            """
            SELECT coalesce(max(position), 0)
            FROM (SELECT position, environment FROM erasures UNION ALL SELECT position, environment FROM retentions)
            WHERE environment = $environment
            """,
            ("environment", environment));
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>From when on single events of an environment are kept, in Unix seconds; null: all of them are.</summary>
    public static long? RawFrom(DuckDBConnection connection, int environment)
    {
        using var command = Command(connection, "SELECT max(until) FROM retentions WHERE environment = $environment", ("environment", environment));
        return command.ExecuteScalar() as long?;
    }

    /// <summary>The part of a range in which there is anything, so that a long range does not drag in centuries of clock changes.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="range">The range.</param>
    /// <param name="ends">SQL that gives the first second of all there is, and the one behind the last.</param>
    public static (long From, long To) Extent(DuckDBConnection connection, ReportRange range, string ends)
    {
        using var command = Command(connection, ends);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0)
            ? (Math.Max(range.FromSeconds, reader.GetInt64(0)), Math.Min(range.ToSeconds, reader.GetInt64(1)))
            : (0, 1);
    }

    /// <summary>The first columns of a row, which hold texts or nothing.</summary>
    public static string?[] Texts(DuckDBDataReader reader, int columns) =>
        [.. Enumerable.Range(0, columns).Select(column => reader.IsDBNull(column) ? null : reader.GetString(column))];

    /// <summary>A command with named parameters.</summary>
    public static DuckDBCommand Command(DuckDBConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new DuckDBParameter(name, value));
        }

        return command;
    }

    /// <summary>The number of an environment; 0, which no row has, when it never sent anything.</summary>
    public static int EnvironmentNumber(DuckDBConnection connection, string environmentId)
    {
        using var command = Command(connection, "SELECT environment FROM environments WHERE id = $id", ("id", environmentId));
        return command.ExecuteScalar() is int number ? number : 0;
    }
}
