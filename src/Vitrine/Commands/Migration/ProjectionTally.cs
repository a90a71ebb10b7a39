using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using NodaTime;
using Vitrine.Projection;
using Vitrine.Reports;

namespace Vitrine.Commands.Migration;

/// <summary>What a projection says: its ledger for each environment, by day and status, and how much of everything there is.</summary>
internal static class ProjectionTally
{
    /// <summary>Of what is counted alike however often it is built: fingerprints do not depend on the order of rows.</summary>
    private static readonly (string Name, string Sql)[] Figures =
    [
        ("impressions and clicks", "SELECT count(*) FROM events"),
        ("their times, uuids and positions", "SELECT bit_xor(hash(uuid, position, element_index, action_index, event_time, received_at, action, platform)) FROM events"),
        ("goal events", "SELECT count(*) FROM goal_events"),
        ("their times, uuids and positions", "SELECT bit_xor(hash(uuid, position, action_index, event_time, received_at, platform)) FROM goal_events"),
        ("duplicates", "SELECT count(*) FROM duplicates"),
        ("rejected events", "SELECT count(*) FROM rejections"),
        ("erased events", "SELECT count(*) FROM erased_events"),
        ("events that became hourly figures", "SELECT count(*) FROM rolled_events"),
        ("events in hourly figures", "SELECT coalesce(sum(events), 0) FROM rolled_figures"),
        ("customers", "SELECT count(*) FROM customers"),
        ("profiles", "SELECT count(*) FROM profiles"),
        ("their attributes", "SELECT bit_xor(hash(customer_id, attributes)) FROM profiles JOIN customers USING (customer)"),
        ("deliveries", "SELECT coalesce(sum(delivered), 0) FROM deliveries"),
        ("damaged stretches", "SELECT count(*) FROM quarantine"),
    ];

    /// <summary>Reads a file that nobody has open.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string file)
    {
        using var connection = ProjectionFile.OpenForReading(file);
        var tally = new List<(string, string)>();
        foreach (var (name, sql) in Figures)
        {
            tally.Add((name, Convert.ToString(ProjectionFile.Scalar(connection, sql), CultureInfo.InvariantCulture)!));
        }

        foreach (var environment in Environments(connection))
        {
            tally.AddRange(Ledger(connection, environment));
        }

        return tally;
    }

    private static IEnumerable<(string Name, string Value)> Ledger(DuckDBConnection connection, string environment)
    {
        var (_, total, days) = Reports.Ledger.Read(connection, environment, ReportRange.Parse(null, null, null, DateTimeZone.Utc).Range!, ReportScale.Day);
        var events = total.Events;
        foreach (var (status, count) in new[] { ("received", events.Received), ("stored", events.Stored), ("duplicate", events.Duplicate), ("rejected", events.Rejected), ("erased", events.Erased) })
        {
            yield return ($"{environment}: events {status}", count.ToString(CultureInfo.InvariantCulture));
        }

        var text = string.Join('\n', days.Select(static day => JsonSerializer.Serialize(new LedgerBucket(day.Start, day.Entry.Requests, day.Entry.Events), ReportsJson.Readable.LedgerBucket)));
        yield return ($"{environment}: ledger of {days.Count} days", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    private static List<string> Environments(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM environments ORDER BY id";
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }
}
