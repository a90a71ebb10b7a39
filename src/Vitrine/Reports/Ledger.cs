using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>The books of a stretch of time.</summary>
/// <param name="Requests">Requests whose sender was known.</param>
/// <param name="Events">Their events.</param>
public sealed record LedgerEntry(
    [property: JsonPropertyName("requests")] RequestCounts Requests, [property: JsonPropertyName("events")] EventCounts Events);

/// <summary>Requests: received = accepted + refused.</summary>
public sealed record RequestCounts(
    [property: JsonPropertyName("received")] long Received,
    [property: JsonPropertyName("accepted")] long Accepted,
    [property: JsonPropertyName("refused")] long Refused,
    [property: JsonPropertyName("refused_by_reason")] IReadOnlyDictionary<string, long> RefusedByReason);

/// <summary>Events: received = stored + duplicate + rejected + erased. The five are counted from different tables.</summary>
public sealed record EventCounts(
    [property: JsonPropertyName("received")] long Received,
    [property: JsonPropertyName("stored")] long Stored,
    [property: JsonPropertyName("duplicate")] long Duplicate,
    [property: JsonPropertyName("rejected")] long Rejected,
    [property: JsonPropertyName("erased")] long Erased,
    [property: JsonPropertyName("rejected_by_reason")] IReadOnlyDictionary<string, long> RejectedByReason)
{
    /// <summary>Whether the sum holds. It always should; if it does not, an event was miscounted.</summary>
    [JsonPropertyName("balanced")]
    public bool Balanced => Received == Stored + Duplicate + Rejected + Erased;
}

/// <summary>Reads the ledger: what was received, and what became of it.</summary>
internal static partial class Ledger
{
    private enum Kind
    {
        Received,
        Stored,
        Duplicate,
        Rejected,
        Erased,
    }

    /// <summary>The books of the whole range and, with a scale, of each bucket by its start.</summary>
    public static (AsOf AsOf, LedgerEntry Total, IReadOnlyList<(string Start, LedgerEntry Entry)> Buckets) Read(
        DuckDBConnection connection, string environmentId, ReportRange range, ReportScale? scale)
    {
        var rows = ReadRows(connection, environmentId, range, scale);
        var buckets = scale is { } width ? new TimeBuckets(width, range.Zone) : null;
        return (
            AsOf.Read(connection),
            Entry(rows),
            buckets is null
                ? []
                : [.. rows.GroupBy(static row => row.Bucket).OrderBy(static group => group.Key)
                    .Select(group => (Timestamps.InZone(buckets.Start(group.Key)), Entry(group)))]);
    }

    private static List<Row> ReadRows(DuckDBConnection connection, string environmentId, ReportRange range, ReportScale? scale)
    {
        var (from, to) = ReportSql.Extent(connection, range, "SELECT min(received_minute) * 60, max(received_minute) * 60 + 60 FROM intake");
        var buckets = scale is { } width ? new TimeBuckets(width, range.Zone) : null;
        var sql = Bucket().Replace(ReportSql.Read("Ledger"), place => buckets?.Expression(place.Groups[1].Value, from, to) ?? "0");
        using var command = ReportSql.Command(
            connection,
            sql,
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        using var reader = command.ExecuteReader();
        var rows = new List<Row>();
        while (reader.Read())
        {
            rows.Add(new Row(
                (Kind)reader.GetInt32(0),
                Convert.ToInt64(reader.GetValue(1), null),
                (RejectionReason)Convert.ToByte(reader.GetValue(2), null),
                Long(reader.GetValue(3)),
                Long(reader.GetValue(4))));
        }

        return rows;
    }

    /// <summary>Sums come as 128-bit numbers.</summary>
    private static long Long(object value) => value is System.Numerics.BigInteger big ? (long)big : Convert.ToInt64(value, null);

    private static LedgerEntry Entry(IEnumerable<Row> rows)
    {
        var byKind = rows.ToLookup(static row => row.Kind);
        var received = byKind[Kind.Received];
        var refused = ByReason(received.Where(static row => row.Reason != RejectionReason.None), static row => row.Requests);
        var rejected = ByReason(byKind[Kind.Rejected], static row => row.Events);
        return new LedgerEntry(
            new RequestCounts(
                received.Sum(static row => row.Requests),
                received.Where(static row => row.Reason == RejectionReason.None).Sum(static row => row.Requests),
                refused.Values.Sum(),
                refused),
            new EventCounts(
                received.Sum(static row => row.Events),
                byKind[Kind.Stored].Sum(static row => row.Events),
                byKind[Kind.Duplicate].Sum(static row => row.Events),
                rejected.Values.Sum(),
                byKind[Kind.Erased].Sum(static row => row.Events),
                rejected));
    }

    private static SortedDictionary<string, long> ByReason(IEnumerable<Row> rows, Func<Row, long> count) => new(
        rows.GroupBy(static row => row.Reason.Name()).ToDictionary(static group => group.Key, group => group.Sum(count)),
        StringComparer.Ordinal);

    [GeneratedRegex(@"\{bucket:([^}]+)\}")]
    private static partial Regex Bucket();

    private sealed record Row(Kind Kind, long Bucket, RejectionReason Reason, long Requests, long Events);
}
