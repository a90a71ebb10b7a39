using Microsoft.Net.Http.Headers;

namespace Vitrine.Reports;

/// <summary>A format that events are exported in.</summary>
/// <param name="Name">Its name in a query, and the ending of a file's name.</param>
/// <param name="MediaType">Its media type, as an Accept header names it.</param>
internal sealed record ExportFormat(string Name, string MediaType)
{
    /// <summary>A JSON object a line.</summary>
    public static ExportFormat Lines { get; } = new("ndjson", "application/x-ndjson");

    /// <summary>A table with a header line.</summary>
    public static ExportFormat Csv { get; } = new("csv", "text/csv");

    /// <summary>Columns, compressed.</summary>
    public static ExportFormat Parquet { get; } = new("parquet", "application/vnd.apache.parquet");

    /// <summary>All there are; where a client takes several equally, the first.</summary>
    public static IReadOnlyList<ExportFormat> All { get; } = [Lines, Csv, Parquet];

    /// <summary>The format of a name; null when there is none.</summary>
    public static ExportFormat? Named(string name) => All.FirstOrDefault(format => format.Name == name);

    /// <summary>The format that the Accept header prefers, the first without one; null when it takes none.</summary>
    public static ExportFormat? Accepted(HttpRequest request) =>
        request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
            ? Lines
            : accepted
                .Where(static type => type.Quality != 0)
                .OrderByDescending(static type => type.Quality ?? 1)
                .Select(static type => All.FirstOrDefault(format => type.MatchesMediaType(format.MediaType)))
                .FirstOrDefault(static format => format is not null);
}
