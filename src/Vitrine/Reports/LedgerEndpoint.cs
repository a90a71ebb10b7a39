using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary><c>GET /api/v1/ledger</c>.</summary>
internal static class LedgerEndpoint
{
    private const int Minute = 60;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapGet("/ledger", ReadAsync)
        .WithName("getLedger")
        .WithTags("Tracing")
        .WithSummary("The books: received = stored + duplicate + rejected + erased")
        .WithDescription("Impressions, clicks and goal events, counted by the time of receipt. from and to are whole minutes. Without scale only the total. Accept: text/csv gives a table. A request whose sender was unknown is not in the books.")
        .Produces<LedgerAnswer>(StatusCodes.Status200OK, "application/json", "text/csv")
        .WithRange()
        .WithScale();

    private static async Task<IResult> ReadAsync(HttpContext context, ReportSource source, string? from, string? to, string? tz, string? scale)
    {
        var environment = context.Environment();
        var (range, error) = ReportRange.Parse(from, to, tz, environment.Workspace.TimeZone);
        var width = ExperienceEndpoints.ParseScale(scale, out var unknownScale);
        var format = AnswerFormats.Of(context.Request);
        if (ExperienceEndpoints.Refusal(error ?? unknownScale ?? WhyNot(range!), format) is { } refusal)
        {
            return refusal;
        }

        var (asOf, total, buckets) = await source.ReadAsync(
            environment,
            connection => Ledger.Read(connection, environment.Id, range!, width),
            context.RequestAborted);
        AsOfHeaders.Set(context.Response, asOf);
        return format == AnswerFormat.Csv
            ? Csv(width is null ? [(null, total)] : buckets.Select(static bucket => ((string?)bucket.Start, bucket.Entry)))
            : Results.Json(
                new LedgerAnswer(
                    range!.From,
                    range.To,
                    range.Zone.Id,
                    width is { } value ? JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) : null,
                    asOf,
                    total,
                    width is null ? null : [.. buckets.Select(static bucket => new LedgerBucket(bucket.Start, bucket.Entry.Requests, bucket.Entry.Events))]),
                ReportsJson.Readable.LedgerAnswer);
    }

    private static string? WhyNot(ReportRange range) =>
        range.FromSeconds % Minute != 0 || range.ToSeconds % Minute != 0
            ? "from and to: the ledger is kept by the minute; give times at whole minutes."
            : null;

    private static IResult Csv(IEnumerable<(string? Start, LedgerEntry Entry)> entries) => CsvTable.Result(
        ["start", "requests_received", "requests_accepted", "requests_refused", "received", "stored", "duplicate", "rejected", "erased"],
        entries.Select(static entry => (IEnumerable<string?>)
        [
            entry.Start,
            CsvTable.Number(entry.Entry.Requests.Received),
            CsvTable.Number(entry.Entry.Requests.Accepted),
            CsvTable.Number(entry.Entry.Requests.Refused),
            CsvTable.Number(entry.Entry.Events.Received),
            CsvTable.Number(entry.Entry.Events.Stored),
            CsvTable.Number(entry.Entry.Events.Duplicate),
            CsvTable.Number(entry.Entry.Events.Rejected),
            CsvTable.Number(entry.Entry.Events.Erased),
        ]));
}

/// <summary>The answer of the ledger.</summary>
public sealed record LedgerAnswer(
    [property: JsonPropertyName("from")] string? From,
    [property: JsonPropertyName("to")] string? To,
    [property: JsonPropertyName("tz")] string TimeZone,
    [property: JsonPropertyName("scale"), OneOf("hour", "day", "week", "month")] string? Scale,
    [property: JsonPropertyName("as_of")] AsOf AsOf,
    [property: JsonPropertyName("total")] LedgerEntry Total,
    [property: JsonPropertyName("buckets"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LedgerBucket>? Buckets);

/// <summary>The books of one bucket.</summary>
public sealed record LedgerBucket(
    [property: JsonPropertyName("start")] string Start,
    [property: JsonPropertyName("requests")] RequestCounts Requests,
    [property: JsonPropertyName("events")] EventCounts Events);
