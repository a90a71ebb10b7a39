using System.IO.Pipelines;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>GET /api/v1/exports/events</c> and <c>…/goal-events</c>.</summary>
internal static class ExportEndpoint
{
    private const string GoalFile = "goal-events";
    private const string EventFile = "events";

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        Describe(api.MapGet("/exports/" + EventFile, ExportAsync))
            .WithName("exportEvents")
            .WithSummary("The raw impressions and clicks")
            .WithDescription("Every event that counts, fields named as on the wire; ndjson and csv in the order of receipt. Streamed; from and to choose by event time.");
        Describe(api.MapGet("/exports/" + GoalFile, ExportGoalsAsync))
            .WithName("exportGoalEvents")
            .WithSummary("The raw goal events")
            .WithDescription("Every goal event that counts, fields named as on the wire; ndjson and csv in the order of receipt. Streamed; from and to choose by event time.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint
        .WithTags("Exports")
        .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv", "application/vnd.apache.parquet")
        .WithRange()
        .WithRawFrom()
        .WithParameter("format", "The format. Without it, what the Accept header prefers; without that, ndjson.", ExportFormat.All.Select(static format => format.Name));

    private static Task ExportAsync(
        HttpContext context, ReportSource source, DataDirectory directory, string? from, string? to, string? tz, string? format) =>
        SendAsync(context, source, directory, EventRows.OfExperiences, from, to, tz, format);

    private static Task ExportGoalsAsync(
        HttpContext context, ReportSource source, DataDirectory directory, string? from, string? to, string? tz, string? format) =>
        SendAsync(context, source, directory, EventRows.OfGoals, from, to, tz, format);

    private static async Task SendAsync(
        HttpContext context,
        ReportSource source,
        DataDirectory directory,
        EventRows rows,
        string? from,
        string? to,
        string? tz,
        string? format)
    {
        var environment = context.Environment();
        var (range, error) = ReportRange.Parse(from, to, tz, environment.Workspace.TimeZone);
        if (error is not null)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, error);
            return;
        }

        var chosen = string.IsNullOrEmpty(format) ? ExportFormat.Accepted(context.Request) : ExportFormat.Named(format);
        if (chosen is null)
        {
            await RefuseFormatAsync(context, format);
        }
        else if (chosen == ExportFormat.Parquet)
        {
            await SendParquetAsync(context, source, directory, rows, environment, range!);
        }
        else
        {
            await StreamAsync(context, source, rows, environment, range!, chosen);
        }
    }

    private static Task RefuseFormatAsync(HttpContext context, string? format) => string.IsNullOrEmpty(format)
        ? Problem.WriteAsync(
            context,
            StatusCodes.Status406NotAcceptable,
            $"Events are exported as {string.Join(", ", ExportFormat.All.Select(static known => known.MediaType))}; the Accept header takes none of them.")
        : Problem.WriteAsync(
            context,
            StatusCodes.Status400BadRequest,
            $"format: '{format}' is none of {string.Join(", ", ExportFormat.All.Select(static known => known.Name))}.");

    /// <summary>Describes what follows; browsers save it under the name given here.</summary>
    private static void WriteHeaders(HttpContext context, DuckDBConnection connection, EventRows rows, ReportRange range, ExportFormat format)
    {
        AsOfHeaders.Set(context.Response, AsOf.Read(connection));
        AsOfHeaders.SetRawFrom(context.Response, ReportSql.RawFrom(connection, ReportSql.EnvironmentNumber(connection, context.Environment().Id)), range);
        context.Response.ContentType = format == ExportFormat.Csv ? "text/csv; charset=utf-8" : format.MediaType;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{(rows == EventRows.OfGoals ? GoalFile : EventFile)}.{format.Name}\"";
    }

    private static Task<bool> StreamAsync(
        HttpContext context,
        ReportSource source,
        EventRows rows,
        WorkspaceEnvironment environment,
        ReportRange range,
        ExportFormat format) =>
        source.ExportAsync(
            environment,
            (connection, stop) =>
            {
                WriteHeaders(context, connection, rows, range, format);
                Action<DuckDBConnection, string, ReportRange, PipeWriter, CancellationToken> write =
                    format == ExportFormat.Csv ? new EventExport(rows).WriteCsv : new EventExport(rows).WriteLines;
                write(connection, environment.Id, range, context.Response.BodyWriter, stop);
                return true;
            },
            context.RequestAborted);

    /// <summary>
    /// Parquet ends with an index of what went before, so it is written to a file first, and then sent; the turn is kept
    /// until it is gone, so that slow clients cannot fill the disk.
    /// </summary>
    private static Task<bool> SendParquetAsync(
        HttpContext context, ReportSource source, DataDirectory directory, EventRows rows, WorkspaceEnvironment environment, ReportRange range) =>
        source.ExportAsync(
            environment,
            (connection, stop) =>
            {
                var file = directory.NewExport();
                try
                {
                    ParquetExport.Write(connection, rows, environment.Id, range, file);
                    WriteHeaders(context, connection, rows, range, ExportFormat.Parquet);
                    context.Response.SendFileAsync(file, stop).GetAwaiter().GetResult();
                    return true;
                }
                finally
                {
                    File.Delete(file);
                }
            },
            context.RequestAborted);
}
