using System.Runtime.InteropServices;
using System.Text;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <summary>
/// Adds up, over one batch, how often experiences were delivered, and adds that to the table. A record comes each second
/// and a row is of an hour, so the table stays a thousandth of what the journal says.
/// </summary>
internal sealed class DeliveryCounts
{
    private const string SameRow = """
        d.environment = n.environment AND d.experience_id = n.experience_id AND d.version = n.version
        AND d.audience_id = n.audience_id AND d.variation_id = n.variation_id AND d.hour = n.hour
        """;

    private const string AddToTable = $"""
        UPDATE deliveries d SET delivered = d.delivered + n.delivered, experience = n.experience, audience_name = n.audience_name
        FROM delivered_now n WHERE {SameRow};
        INSERT INTO deliveries SELECT * FROM delivered_now n WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE {SameRow});
        """;

    private readonly Dictionary<(int Environment, string ExperienceId, int Version, string AudienceId, string VariationId, long Hour), Count> _counts = [];

    /// <summary>Adds a count. Of the names the last one stays.</summary>
    public void Add(int environment, DeliveredCount one)
    {
        var key = (environment, one.ExperienceId, one.Version, one.AudienceId, one.VariationId, one.Hour);
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _);
        count = new Count(one.ExperienceName, one.AudienceName, count.Delivered + one.Delivered);
    }

    /// <summary>Adds the counts to the table and starts anew.</summary>
    public void Apply(DuckDBConnection connection)
    {
        if (_counts.Count == 0)
        {
            return;
        }

        ProjectionFile.Execute(connection, "CREATE TEMPORARY TABLE IF NOT EXISTS delivered_now AS FROM deliveries LIMIT 0; DELETE FROM delivered_now");
        Append(connection);
        ProjectionFile.Execute(connection, AddToTable);
        _counts.Clear();
    }

    private void Append(DuckDBConnection connection)
    {
        using var rows = new ChunkAppender(
            connection,
            "delivered_now",
            DuckDBType.Integer,
            DuckDBType.Varchar,
            DuckDBType.Varchar,
            DuckDBType.Integer,
            DuckDBType.Varchar,
            DuckDBType.Varchar,
            DuckDBType.Varchar,
            DuckDBType.BigInt,
            DuckDBType.BigInt);
        foreach (var (key, count) in _counts)
        {
            rows.Set(0, key.Environment);
            rows.SetText(1, Encoding.UTF8.GetBytes(key.ExperienceId));
            rows.SetText(2, Encoding.UTF8.GetBytes(count.ExperienceName));
            rows.Set(3, key.Version);
            rows.SetText(4, Encoding.UTF8.GetBytes(key.AudienceId));
            rows.SetText(5, Encoding.UTF8.GetBytes(count.AudienceName));
            rows.SetText(6, Encoding.UTF8.GetBytes(key.VariationId));
            rows.Set(7, key.Hour);
            rows.Set(8, count.Delivered);
            rows.EndRow();
        }

        rows.Flush();
    }

    private readonly record struct Count(string ExperienceName, string AudienceName, long Delivered);
}
