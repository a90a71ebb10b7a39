using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Vitrine.Customers;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>Hands out everything that is known of a customer, as one archive.</summary>
/// <remarks>
/// It is written to a file first, and then sent; the turn is kept until it is gone, so that slow clients cannot fill the
/// disk. The tables are read at one moment, and the journal up to where they reach.
/// </remarks>
internal sealed class CustomerExport(ReportSource source, IJournal journal, ErasureList list, DataDirectory directory)
{
    /// <summary>Sends the archive; false, with nothing sent, when nothing is known.</summary>
    public Task<bool> SendAsync(HttpContext context, WorkspaceEnvironment environment, string customerId) => source.ExportAsync(
        environment,
        (connection, stop) =>
        {
            var file = directory.NewExport();
            try
            {
                if (!Write(connection, environment.Id, environment.Workspace.StoredId(customerId), file, stop))
                {
                    return false;
                }

                AsOfHeaders.Set(context.Response, Projection.AsOf.Read(connection));
                context.Response.ContentType = "application/zip";
                context.Response.Headers.ContentDisposition = "attachment; filename=\"customer.zip\"";
                context.Response.SendFileAsync(file, stop).GetAwaiter().GetResult();
                return true;
            }
            finally
            {
                File.Delete(file);
            }
        },
        context.RequestAborted);

    private bool Write(DuckDBConnection connection, string environmentId, string customerId, string file, CancellationToken stop)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        var profile = CustomerSource.Read(connection, environmentId, customerId);
        Add(archive, "profile.json", writer => JsonSerializer.Serialize(writer, profile, CustomersJson.Readable.CustomerAnswer!));
        AddEvents(archive, "events.ndjson", EventRows.OfExperiences, connection, environmentId, customerId);
        AddEvents(archive, "goal-events.ndjson", EventRows.OfGoals, connection, environmentId, customerId);
        return AddRecords(archive, connection, environmentId, customerId, stop) > 0 || profile is not null;
    }

    private static void AddEvents(ZipArchive archive, string name, EventRows rows, DuckDBConnection connection, string environmentId, string customerId) =>
        AddLines(archive, name, (writer, end) =>
        {
            using var command = ReportSql.Command(
                connection,
                $"{rows.Sql} AND u.customer_id = $customer ORDER BY {rows.Order}",
                ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
                ("customer", customerId));
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Write(writer, reader);
                end();
            }
        });

    private long AddRecords(ZipArchive archive, DuckDBConnection connection, string environmentId, string customerId, CancellationToken stop)
    {
        var found = 0L;
        AddLines(archive, "journal.ndjson", (writer, end) =>
        {
            var last = Projection.AsOf.Read(connection).Position;
            var ofCustomer = new RecordOfCustomer(Encoding.UTF8.GetBytes(environmentId), Encoding.UTF8.GetBytes(customerId));
            var part = new ByteWriter();
            var erasedUpTo = ErasedUpTo(connection, environmentId, customerId); // What stands before is not rewritten yet, and gone all the same.
            for (var position = Math.Max(erasedUpTo, journal.FirstPosition - 1); position < last && journal.ReadAfter(position) is { } group; position = group.LastPosition)
            {
                stop.ThrowIfCancellationRequested();
                var records = group.Records;
                while (records.MoveNextSound())
                {
                    part.Clear();
                    if (records.Position > erasedUpTo && ofCustomer.TryTake(records.Record, part))
                    {
                        RecordJson.Write(writer, records.Position, part.Written);
                        end();
                        found++;
                    }
                }
            }
        });
        return found;
    }

    /// <summary>The last record that has erased the customer; 0: none has.</summary>
    private long ErasedUpTo(DuckDBConnection connection, string environmentId, string customerId)
    {
        var listed = list.Of(environmentId)
            .Where(one => one.Position is not null && one.Hashes.Contains(Erasure.HashOf(one.Key, environmentId, customerId)))
            .Max(static one => one.Position) ?? 0;
        using var command = ReportSql.Command(
            connection,
            "SELECT position FROM erasures WHERE environment = $environment AND position > $listed ORDER BY position DESC",
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("listed", listed));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (ErasureRequests.Read(journal, rows.GetInt64(0))?.Customers.Contains(customerId) == true)
            {
                return rows.GetInt64(0);
            }
        }

        return listed;
    }

    private static void Add(ZipArchive archive, string name, Action<Utf8JsonWriter> write)
    {
        using var entry = archive.CreateEntry(name).Open();
        using var writer = new Utf8JsonWriter(entry, RecordJson.Options with { Indented = true });
        write(writer);
    }

    /// <summary>Adds a file of one JSON value a line.</summary>
    private static void AddLines(ZipArchive archive, string name, Action<Utf8JsonWriter, Action> write)
    {
        using var entry = archive.CreateEntry(name).Open();
        using var writer = new Utf8JsonWriter(entry, RecordJson.Options);
        write(writer, () =>
        {
            writer.Flush();
            writer.Reset();
            entry.WriteByte((byte)'\n');
        });
    }
}
