using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsvHelper;
using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>Writes events as lines, in the order of receipt, as fast as the client takes them.</summary>
/// <remarks>
/// The journal's positions are walked in stretches, each small enough to be sorted in memory, so an export of any
/// length needs neither much memory nor room on disk. A stretch grows while it holds few events and shrinks when it
/// holds many.
/// </remarks>
internal sealed class EventExport(EventRows rows)
{
    private const int FlushBytes = 64 * 1024;
    private const int FewRows = 20_000;
    private const int ManyRows = 200_000;

    /// <summary>Writes NDJSON. Blocks the calling thread while the client does not take more.</summary>
    public void WriteLines(DuckDBConnection connection, string environmentId, ReportRange range, PipeWriter target, CancellationToken stop)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Walk(connection, environmentId, range, reader =>
        {
            rows.Write(writer, reader);
            writer.Flush();
            writer.Reset();
            target.GetSpan(1)[0] = (byte)'\n';
            target.Advance(1);
            if (target.UnflushedBytes >= FlushBytes)
            {
                Flush(target, stop);
            }
        });
        Flush(target, stop);
    }

    /// <summary>Writes CSV with a header line. Blocks the calling thread while the client does not take more.</summary>
    public void WriteCsv(DuckDBConnection connection, string environmentId, ReportRange range, PipeWriter target, CancellationToken stop)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var field in rows.Fields)
        {
            csv.WriteField(field);
        }

        csv.NextRecord();
        Walk(connection, environmentId, range, reader =>
        {
            for (var column = 0; column < rows.Fields.Count; column++)
            {
                csv.WriteText(rows.Text(reader, column));
            }

            csv.NextRecord();
            csv.Flush();
            if (text.GetStringBuilder().Length >= FlushBytes)
            {
                Hand(text, target);
                Flush(target, stop);
            }
        });
        csv.Flush();
        Hand(text, target);
        Flush(target, stop);
    }

    private void Walk(DuckDBConnection connection, string environmentId, ReportRange range, Action<DuckDBDataReader> row)
    {
        var environment = ReportSql.EnvironmentNumber(connection, environmentId);
        var last = AsOf.Read(connection).Position;
        long step = 1_000;
        for (long after = 0; after < last;)
        {
            var written = WriteStretch(connection, environment, range, after, after + step, row);
            after += step;
            step = written < FewRows ? step * 2 : written > ManyRows ? Math.Max(1, step / 2) : step;
        }
    }

    private int WriteStretch(
        DuckDBConnection connection, int environment, ReportRange range, long after, long upTo, Action<DuckDBDataReader> row)
    {
        using var command = ReportSql.Command(
            connection,
            $"{rows.Sql} AND e.position > $after AND e.position <= $up_to AND e.event_time >= $from AND e.event_time < $to ORDER BY {rows.Order}",
            ("environment", environment),
            ("after", after),
            ("up_to", upTo),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        var count = 0;
        for (; reader.Read(); count++)
        {
            row(reader);
        }

        return count;
    }

    private static void Hand(StringWriter text, PipeWriter target)
    {
        var characters = text.ToString();
        target.Advance(Encoding.UTF8.GetBytes(characters, target.GetSpan(Encoding.UTF8.GetMaxByteCount(characters.Length))));
        text.GetStringBuilder().Clear();
    }

    private static void Flush(PipeWriter target, CancellationToken stop)
    {
        if (target.FlushAsync(stop).AsTask().GetAwaiter().GetResult().IsCompleted)
        {
            throw new OperationCanceledException("The client has gone away.");
        }
    }
}
