using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Vitrine.Commands;

/// <summary><c>vitrine report</c>: a report as a table in the terminal.</summary>
internal static class ReportCommand
{
    private static readonly string[] FigureColumns = ["delivered", "impressions", "clicks", "ctr", "unique_impressions", "unique_clicks", "unique_ctr"];

    private static readonly string[] StartColumn = ["start"];

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var experience = new Argument<string?>("experience")
        {
            Description = "The experience id: the part of its cids before the first '_' (default: all experiences)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = new Option<string?>("--from") { Description = "First day, or an instant (default: the beginning)" };
        var to = new Option<string?>("--to") { Description = "The day after the last, or an instant (default: the end)" };
        var zone = new Option<string?>("--tz") { Description = "IANA time zone (default: the workspace's)" };
        var by = new Option<string?>("--by") { Description = "Comma list of variation, audience, locale, platform, click_target" };
        var scale = new Option<string?>("--scale") { Description = "hour, day, week or month" };
        var url = CommonOptions.Url();
        var workspace = CommonOptions.Workspace();
        var key = CommonOptions.Key();
        var command = new Command("report", "Print the figures of all experiences, or of one")
        {
            experience, from, to, zone, by, scale, url, workspace, key,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = CommonOptions.Connect(parsed.GetValue(url), parsed.GetValue(workspace), parsed.GetValue(key));
            var id = parsed.GetValue(experience);
            if (id is null && (parsed.GetValue(by) ?? parsed.GetValue(scale)) is not null)
            {
                throw new CommandException("--by and --scale need an experience: vitrine report EXPERIENCE --by variation");
            }

            if (id is "" or "." or "..")
            {
                throw new CommandException($"'{id}' is no experience id; leave it out for all experiences");
            }

            var answer = await ReadAsync(
                client,
                id is null ? "api/v1/reports/experiences" : $"api/v1/reports/experiences/{Uri.EscapeDataString(id)}",
                [
                    ("from", parsed.GetValue(from)),
                    ("to", parsed.GetValue(to)),
                    ("tz", parsed.GetValue(zone)),
                    ("by", parsed.GetValue(by)),
                    ("scale", parsed.GetValue(scale)),
                ],
                cancellation);
            if (Console.IsOutputRedirected)
            {
                AnsiConsole.Profile.Width = 240; // A file has no edge to wrap at.
            }

            AnsiConsole.Write(id is null ? List(answer) : One(answer));
            AnsiConsole.MarkupLineInterpolated($"[grey]as of position {answer["as_of"]!["position"]!.GetValue<long>()}, days in {answer["tz"]!.GetValue<string>()}[/]");
        });
        return command;
    }

    private static async Task<JsonObject> ReadAsync(
        HttpClient client, string path, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellation)
    {
        var given = query
            .Where(static parameter => parameter.Value is not null)
            .Select(static parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        using var response = await client.GetAsync(new Uri($"{path}?{string.Join('&', given)}", UriKind.Relative), cancellation);
        return JsonObject.Create(await CommonOptions.ReadAsync(client, response, cancellation))!;
    }

    private static Table List(JsonObject answer)
    {
        var table = NewTable(["experience", "name"]);
        foreach (var one in answer["experiences"]!.AsArray())
        {
            AddRow(table, [Text(one!["id"]), Text(one["name"])], one.AsObject());
        }

        return table;
    }

    private static Table One(JsonObject answer)
    {
        var dimensions = answer["by"]!.AsArray().Select(static name => name!.GetValue<string>()).ToList();
        var hasBuckets = answer["scale"] is not null;
        var table = NewTable([.. dimensions, .. StartColumn.Take(hasBuckets ? 1 : 0)]);
        table.Title = new TableTitle(Markup.Escape($"{Text(answer["experience"]!["name"])} ({Text(answer["experience"]!["id"])})"));
        foreach (var group in answer["groups"]!.AsArray())
        {
            var values = dimensions.Select(name => Text(group![name])).ToList();
            foreach (var bucket in group!["buckets"]?.AsArray() ?? [])
            {
                AddRow(table, [.. values, Text(bucket!["start"])], bucket.AsObject());
            }

            if (dimensions.Count > 0)
            {
                AddRow(table, [.. values, .. Enumerable.Repeat("all", hasBuckets ? 1 : 0)], group["total"]!.AsObject());
            }
        }

        AddRow(table, [.. Enumerable.Repeat("all", dimensions.Count + (hasBuckets ? 1 : 0))], answer["total"]!.AsObject());
        return table;
    }

    private static Table NewTable(IEnumerable<string> columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(column);
        }

        foreach (var figure in FigureColumns)
        {
            table.AddColumn(new TableColumn(figure.Replace('_', ' ').Replace("ctr", "CTR %", StringComparison.Ordinal)).RightAligned());
        }

        return table;
    }

    private static void AddRow(Table table, IEnumerable<string> names, JsonObject figures) => table.AddRow(
        [.. names.Select(Markup.Escape), .. FigureColumns.Select(column => Figure(column, figures[column]))]);

    private static string Figure(string column, JsonNode? value) => value is null ? "–"
        : column.EndsWith("ctr", StringComparison.Ordinal)
            ? value.GetValue<double>().ToString("0.00", CultureInfo.InvariantCulture)
            : value.GetValue<long>().ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A text from an event, which may hold what a terminal would obey or what turns the direction of writing.</summary>
    private static string Text(JsonNode? value) => value is null ? "–" : string.Concat(value.GetValue<string>().EnumerateRunes().Select(
        static rune => rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? "�" : rune.ToString()));
}
