using System.Globalization;
using CsvHelper;

namespace Vitrine.Reports;

/// <summary>A table as an answer in CSV (RFC 4180): a header line, then the rows; an absent value is an empty field, an empty text two quotation marks.</summary>
internal static class CsvTable
{
    /// <summary>The columns of <see cref="Figures"/>.</summary>
    public static IReadOnlyList<string> FigureColumns { get; } =
        ["impressions", "clicks", "ctr", "unique_impressions", "unique_clicks", "unique_ctr", "delivered"]; // New ones at the end, where they move no other.

    /// <summary>The fields of figures, in the order of <see cref="FigureColumns"/>.</summary>
    public static IEnumerable<string?> Fields(Figures figures) =>
    [
        Number(figures.Impressions),
        Number(figures.Clicks),
        Number(figures.ClickThroughRate),
        Number(figures.UniqueImpressions),
        Number(figures.UniqueClicks),
        Number(figures.UniqueClickThroughRate),
        Number(figures.Delivered),
    ];

    /// <summary>A number as CSV has it everywhere: with a decimal point, without grouping.</summary>
    public static string? Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>The table as a result.</summary>
    public static IResult Result(IEnumerable<string> columns, IEnumerable<IEnumerable<string?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, CultureInfo.InvariantCulture);
        foreach (var row in rows.Prepend(columns))
        {
            foreach (var field in row)
            {
                csv.WriteText(field);
            }

            csv.NextRecord();
        }

        csv.Flush();
        return Results.Text(text.ToString(), "text/csv; charset=utf-8");
    }

    /// <summary>Writes a field so that an empty text can be told from an absent one, and that no spreadsheet takes it for a formula.</summary>
    public static void WriteText(this CsvWriter csv, string? field)
    {
        if (field is "")
        {
            csv.WriteField(field, shouldQuote: true);
        }
        else
        {
            csv.WriteField(field is not null && MayBeFormula(field) ? "'" + field : field);
        }
    }

    /// <summary>
    /// Whether a spreadsheet may carry a text out: what begins with one of these characters (OWASP, CSV Injection) and is
    /// no number. Names and ids come from whoever may report an event.
    /// </summary>
    private static bool MayBeFormula(string field) =>
        field[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
