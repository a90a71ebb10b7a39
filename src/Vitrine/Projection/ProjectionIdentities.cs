using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection.Deduplication;

namespace Vitrine.Projection;

/// <summary>
/// What the projector must know of all that is already projected: the numbers it gave and the uuids it counted. Held in
/// memory, read back from the tables at start.
/// </summary>
internal sealed class ProjectionIdentities : IDisposable
{
    private ProjectionIdentities(CountedUuids uuids) => Uuids = uuids;

    /// <summary>Environments.</summary>
    public Numbering Environments { get; } = new();

    /// <summary>Customers.</summary>
    public Numbering Customers { get; } = new();

    /// <summary>Click targets.</summary>
    public Numbering ClickTargets { get; } = new();

    /// <summary>Names of goal events.</summary>
    public Numbering EventNames { get; } = new();

    /// <summary>Experience contexts, by their bytes in a journal record.</summary>
    public Numbering Contexts { get; } = new();

    /// <summary>The uuids that were counted.</summary>
    public CountedUuids Uuids { get; }

    /// <summary>Reads everything back: the uuids on this thread, and all else beside it.</summary>
    /// <param name="connection">Of the projection.</param>
    /// <param name="another">Opens another connection to it.</param>
    /// <param name="uuids">An empty memory for its uuids; the identities dispose of it.</param>
    public static ProjectionIdentities Load(DuckDBConnection connection, Func<DuckDBConnection> another, CountedUuids uuids)
    {
        var identities = new ProjectionIdentities(uuids);
        try
        {
            var names = Task.Factory.StartNew(
                () => identities.RestoreNames(another), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try
            {
                identities.RestoreUuids(connection);
            }
            finally
            {
                ((IAsyncResult)names).AsyncWaitHandle.WaitOne();
            }

            names.GetAwaiter().GetResult();
            return identities;
        }
        catch
        {
            identities.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Uuids.Dispose();

    private void RestoreNames(Func<DuckDBConnection> open)
    {
        using var connection = open();
        Restore(connection, Environments, "environments", "environment, 0, id");
        RestoreForgottenCustomers(connection);
        Restore(connection, Customers, "customers", "customer, environment, customer_id");
        Restore(connection, ClickTargets, "click_targets", "click_target, environment, b_id");
        Restore(connection, EventNames, "event_names", "event_name, environment, name");
        RestoreContexts(connection);
    }

    private static void Restore(DuckDBConnection connection, Numbering numbering, string table, string columns)
    {
        numbering.Expect(Convert.ToInt32(ProjectionFile.Scalar(connection, $"SELECT count(*) FROM {table}"), null));
        using var rows = new ChunkReader(connection, $"SELECT {columns} FROM {table}");
        while (rows.Read())
        {
            var numbers = rows.Column<int>(0);
            var environments = rows.Column<int>(1);
            var texts = rows.TextColumn(2);
            for (var row = 0; row < rows.Rows; row++)
            {
                numbering.Restore(environments[row], texts[row], numbers[row]);
            }
        }

        numbering.EndRestoring();
    }

    private void RestoreForgottenCustomers(DuckDBConnection connection)
    {
        using var rows = new ChunkReader(connection, "SELECT customer FROM erased_customers");
        while (rows.Read())
        {
            foreach (var customer in rows.Column<int>(0))
            {
                Customers.RestoreForgotten(customer);
            }
        }
    }

    private void RestoreContexts(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT context, environment, cid, experience, locale_id, variation_id, audience_name, audience_id, type FROM contexts";
        using var reader = command.ExecuteReader();
        var encoded = new ByteWriter();
        while (reader.Read())
        {
            encoded.Clear();
            ExperienceRequestCodec.WriteContext(
                encoded,
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8));
            Contexts.Restore(reader.GetInt32(1), encoded.Written, reader.GetInt32(0));
        }

        Contexts.EndRestoring();
    }

    /// <summary>In the order in which they were counted, table by table, so that the oldest are the first to go to the disk.</summary>
    private void RestoreUuids(DuckDBConnection connection)
    {
        using var restoration = Uuids.Restore(Convert.ToInt64(
            ProjectionFile.Scalar(connection, "SELECT (SELECT count(*) FROM events) + (SELECT count(uuid) FROM goal_events) + (SELECT count(uuid) FROM erased_events) + (SELECT count(uuid) FROM rolled_events)"), null));
        Restore(connection, "SELECT environment, uuid FROM rolled_events WHERE uuid IS NOT NULL", restoration);
        Restore(connection, "SELECT environment, uuid FROM erased_events WHERE uuid IS NOT NULL", restoration);
        Restore(connection, "SELECT environment, uuid FROM goal_events WHERE uuid IS NOT NULL", restoration);
        Restore(connection, "SELECT environment, uuid FROM events", restoration);
        restoration.End();
    }

    private static void Restore(DuckDBConnection connection, string sql, UuidRestoration restoration)
    {
        var batch = new List<UInt128>();
        using var rows = new ChunkReader(connection, sql);
        while (rows.Read())
        {
            var environments = rows.Column<int>(0);
            var uuids = rows.UuidColumn(1);
            for (var row = 0; row < rows.Rows;)
            {
                var first = row;
                batch.Clear();
                for (; row < rows.Rows && environments[row] == environments[first]; row++)
                {
                    batch.Add(uuids[row]);
                }

                restoration.Add(environments[first], CollectionsMarshal.AsSpan(batch));
            }
        }
    }
}
