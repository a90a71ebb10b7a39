using System.IO.Pipelines;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>GET /api/v1/exports/events</c>.</summary>
internal static class ExportEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapGet("/exports/events", ExportAsync)
        .WithName("exportEvents")
        .WithTags("Exports")
        .WithSummary("The raw events")
        .WithDescription("Every event that counts, fields named as on the wire; ndjson and csv in the order of receipt. format: ndjson (default), csv or parquet. Streamed; from and to choose by event time.")
        .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv", "application/vnd.apache.parquet")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task ExportAsync(
        HttpContext context,
        ReportSource source,
        DataDirectory directory,
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

        switch (string.IsNullOrEmpty(format) ? "ndjson" : format)
        {
            case "ndjson":
                await StreamAsync(context, source, environment, range!, "application/x-ndjson", EventExport.WriteLines);
                break;
            case "csv":
                await StreamAsync(context, source, environment, range!, "text/csv; charset=utf-8", EventExport.WriteCsv);
                break;
            case "parquet":
                await SendParquetAsync(context, source, directory, environment, range!);
                break;
            default:
                await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, $"format: '{format}' is none of ndjson, csv, parquet.");
                break;
        }
    }

    private static Task<bool> StreamAsync(
        HttpContext context,
        ReportSource source,
        WorkspaceEnvironment environment,
        ReportRange range,
        string contentType,
        Action<DuckDBConnection, string, ReportRange, PipeWriter, CancellationToken> write) =>
        source.ExportAsync(
            environment,
            (connection, stop) =>
            {
                context.Response.ContentType = contentType;
                write(connection, environment.Id, range, context.Response.BodyWriter, stop);
                return true;
            },
            context.RequestAborted);

    /// <summary>
    /// Parquet ends with an index of what went before, so it is written to a file first, and then sent; the turn is kept
    /// until it is gone, so that slow clients cannot fill the disk.
    /// </summary>
    private static Task<bool> SendParquetAsync(
        HttpContext context, ReportSource source, DataDirectory directory, WorkspaceEnvironment environment, ReportRange range) =>
        source.ExportAsync(
            environment,
            (connection, stop) =>
            {
                var file = directory.NewExport();
                try
                {
                    ParquetExport.Write(connection, environment.Id, range, file);
                    context.Response.ContentType = "application/vnd.apache.parquet";
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
