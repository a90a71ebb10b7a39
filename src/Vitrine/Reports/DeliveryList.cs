using System.Text;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Puts how often experiences were delivered beside their figures.</summary>
internal static class DeliveryList
{
    /// <summary>The list with deliveries, and with the experiences of which nothing but these is known; ordered by id.</summary>
    public static List<ExperienceListing> Into(
        IReadOnlyList<ExperienceListing> experiences, DuckDBConnection connection, string environmentId, ReportRange range)
    {
        var delivered = Read(connection, environmentId, range);
        var list = experiences.Select(one => WithDelivered(one, delivered.Remove(one.Id, out var known) ? known.Delivered : 0)).ToList();
        if (delivered.Count > 0)
        {
            list.AddRange(delivered.Select(static one => WithDelivered(new ExperienceListing(one.Key, one.Value.Name, Figures.None), one.Value.Delivered)));
            list.Sort(static (one, other) => Compare(one.Id, other.Id));
        }

        return list;
    }

    private static Dictionary<string, (string Name, long Delivered)> Read(DuckDBConnection connection, string environmentId, ReportRange range)
    {
        using var command = ReportSql.Command(
            connection,
            ReportSql.Read("DeliveryList"),
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        using var reader = command.ExecuteReader();
        var delivered = new Dictionary<string, (string, long)>(StringComparer.Ordinal);
        while (reader.Read())
        {
            delivered.Add(reader.GetString(0), (reader.GetString(1), reader.GetInt64(2)));
        }

        return delivered;
    }

    private static ExperienceListing WithDelivered(ExperienceListing one, long delivered) =>
        one with { Figures = one.Figures with { Delivered = delivered } };

    /// <summary>The order that DuckDB gives texts: byte by byte in UTF-8.</summary>
    private static int Compare(string one, string other) =>
        Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
