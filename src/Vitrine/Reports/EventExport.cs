using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Writes events as lines, as fast as the client takes them, holding a few rows in memory at a time.</summary>
internal static class EventExport
{
    private const int FlushBytes = 64 * 1024;

    /// <summary>The rows of an export, in the order in which they were received.</summary>
    public static DuckDBCommand Command(DuckDBConnection connection, string environmentId, ReportRange range)
    {
        var command = ReportSql.Command(
            connection,
            ReportSql.Read("EventRows") + " AND e.event_time >= $from AND e.event_time < $to ORDER BY e.position, e.element_index, e.action_index",
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        command.UseStreamingMode = true;
        return command;
    }

    /// <summary>Writes NDJSON. Blocks the calling thread while the client does not take more.</summary>
    public static void WriteLines(DuckDBDataReader reader, PipeWriter target, CancellationToken cancellation)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        while (reader.Read())
        {
            EventRows.Write(writer, reader);
            writer.Flush();
            writer.Reset();
            target.GetSpan(1)[0] = (byte)'\n';
            target.Advance(1);
            if (target.UnflushedBytes >= FlushBytes)
            {
                Flush(target, cancellation);
            }
        }

        Flush(target, cancellation);
    }

    /// <summary>Writes CSV with a header line. Blocks the calling thread while the client does not take more.</summary>
    public static void WriteCsv(DuckDBDataReader reader, PipeWriter target, CancellationToken cancellation)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var field in EventRows.Fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
        while (reader.Read())
        {
            for (var column = 0; column < EventRows.Fields.Count; column++)
            {
                csv.WriteField(EventRows.Text(reader, column));
            }

            csv.NextRecord();
            csv.Flush();
            if (text.GetStringBuilder().Length >= FlushBytes)
            {
                Hand(text, target);
                Flush(target, cancellation);
            }
        }

        csv.Flush();
        Hand(text, target);
        Flush(target, cancellation);
    }

    private static void Hand(StringWriter text, PipeWriter target)
    {
        var characters = text.ToString();
        target.Advance(Encoding.UTF8.GetBytes(characters, target.GetSpan(Encoding.UTF8.GetMaxByteCount(characters.Length))));
        text.GetStringBuilder().Clear();
    }

    private static void Flush(PipeWriter target, CancellationToken cancellation)
    {
        if (target.FlushAsync(cancellation).AsTask().GetAwaiter().GetResult().IsCompleted)
        {
            throw new OperationCanceledException("The client has gone away.");
        }
    }
}
