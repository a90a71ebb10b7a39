using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using DuckDB.NET.Data;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class ExportTests(SharedServer shared)
{
    private const string Path = "/api/v1/exports/events";

    private static readonly string[] Odd =
        ["n\0ul", "quote\"s", "comma,s", "line\nbreak\r\n", "tab\t", "größe 👍", "'; DROP TABLE events; --", "\\u0000", "a\u2028b", "\u0001\u001f\u007f", "  spaces  "];

    [Fact]
    public async Task The_formats_hold_the_same_events()
    {
        var shop = shared.OpenShop();
        var random = new Seeded(7);
        await GeneratedEvents.PostAsync(shop, GeneratedEvents.Make(random, 400));
        foreach (var odd in Odd)
        {
            (await shop.PostAsync(Bodies.One(
                element => (element["customer_id"], element["user_timezone_offset"]) = (odd + "!", -3600),
                action => action["b_id"] = odd,
                attributes =>
                {
                    attributes["cid"] = OfCid(odd);
                    attributes["type"] = odd;
                    attributes["audience_name"] = odd;
                    attributes[odd] = odd;
                }))).ShouldBeAccepted();
        }

        var lines = (await shop.EventsAsync()).Select(Flat).ToList();
        lines.Count.ShouldBe(400 + Odd.Length);
        (await CsvAsync(shop)).ShouldBe(lines);
        (await ParquetAsync(shop)).Order(StringComparer.Ordinal).ShouldBe(lines.Order(StringComparer.Ordinal));
    }

    /// <summary>OWASP, CSV Injection: names and ids come from whoever may report an event, and tables are opened by people.</summary>
    [Theory]
    [InlineData("=HYPERLINK(\"http://evil.example\")", true)]
    [InlineData("+1+cmd|' /C calc'!A0", true)]
    [InlineData("-1+1", true)]
    [InlineData("@SUM(A1:A2)", true)]
    [InlineData("\t=1+1", true)]
    [InlineData("\r=1+1", true)]
    [InlineData("+491701234567", false)]
    [InlineData("-5", false)]
    [InlineData("'=1", false)]
    public async Task No_spreadsheet_takes_a_text_for_a_formula(string text, bool isFormula)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(element => element["customer_id"] = text, attributes: attributes => attributes["experience"] = text))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["customer_id"]!).ShouldBe(text, "NDJSON holds what was sent");
        foreach (var path in new[] { Path, "/api/v1/reports/experiences" })
        {
            using var csv = new CsvReader(new StringReader((await shop.GetAsync(path, "text/csv")).Text), CultureInfo.InvariantCulture);
            (await csv.ReadAsync()).ShouldBeTrue();
            csv.ReadHeader();
            (await csv.ReadAsync()).ShouldBeTrue();
            csv.GetField(path == Path ? "customer_id" : "name").ShouldBe(isFormula ? "'" + text : text);
        }
    }

    [Fact]
    public async Task Odd_characters_survive_in_every_text()
    {
        foreach (var odd in Odd)
        {
            var shop = shared.OpenShop();
            (await shop.PostAsync(Bodies.One(
                element => element["customer_id"] = odd,
                attributes: attributes =>
                {
                    foreach (var name in new[] { "cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id", "extra" })
                    {
                        attributes[name] = name == "cid" ? OfCid(odd) : odd;
                    }
                }))).ShouldBeAccepted();
            var stored = await shop.EventAsync();
            ((string)stored["customer_id"]!).ShouldBe(odd);
            foreach (var name in new[] { "cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id" })
            {
                ((string)stored[name]!).ShouldBe(name == "cid" ? OfCid(odd) : odd);
            }

            ((string)stored["attributes"]!["extra"]!).ShouldBe(odd);
            ((string)(await shop.ReadAsync("/api/v1/reports/experiences"))["experiences"]![0]!["name"]!).ShouldBe(odd);
        }
    }

    /// <summary>A cid alone has no NUL: reports are asked for by it.</summary>
    private static string OfCid(string odd) => odd.Replace("\0", "", StringComparison.Ordinal);

    [Fact]
    public async Task An_export_is_in_the_order_of_receipt()
    {
        var shop = shared.OpenShop();
        var events = GeneratedEvents.Make(new Seeded(8), 250);
        await GeneratedEvents.PostAsync(shop, events);
        (await shop.EventsAsync()).Select(static one => (string)one["moe_event_uuid"]!).ShouldBe(events.Select(static one => one.Uuid.ToString()));
    }

    [Fact]
    public async Task A_range_chooses_by_the_time_of_the_event()
    {
        var shop = shared.OpenShop();
        var random = new Seeded(9);
        var events = GeneratedEvents.Make(random, 200);
        await GeneratedEvents.PostAsync(shop, events);
        for (var count = 0; count < 10; count++)
        {
            var question = ReportQuestion.Make(random);
            var expected = question.Of(events).Count();
            Lines(await shop.GetAsync($"{Path}?{question.RangeQuery}")).Length.ShouldBe(expected, question.RangeQuery);
            Lines(await shop.GetAsync($"{Path}?format=csv&{question.RangeQuery}")).Length.ShouldBe(expected + 1, question.RangeQuery);
        }
    }

    [Theory]
    [InlineData("", "application/x-ndjson")]
    [InlineData("?format=ndjson", "application/x-ndjson")]
    [InlineData("?format=csv", "text/csv")]
    [InlineData("?format=parquet", "application/vnd.apache.parquet")]
    public async Task A_workspace_without_events_has_an_empty_export(string query, string mediaType)
    {
        var answer = await shared.OpenShop().GetAsync(Path + query);
        answer.Status.ShouldBe(200, answer.Text);
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe(mediaType);
        Directory.GetFiles(shared.Server.Folder, "export-*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", null, "ndjson", "application/x-ndjson")]
    [InlineData("", "*/*", "ndjson", "application/x-ndjson")]
    [InlineData("", "text/csv", "csv", "text/csv")]
    [InlineData("", "application/x-ndjson;q=0.1, application/vnd.apache.parquet", "parquet", "application/vnd.apache.parquet")]
    [InlineData("?format=csv", "application/json", "csv", "text/csv")]
    public async Task The_format_is_the_querys_or_else_the_headers_choice(string query, string? accept, string ending, string mediaType)
    {
        var answer = await shared.OpenShop().GetAsync(Path + query, accept);
        answer.Status.ShouldBe(200, answer.Text);
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe(mediaType);
        answer.Header("Content-Disposition").ShouldBe($"attachment; filename=\"events.{ending}\"");
        long.Parse(answer.Header("Vitrine-As-Of-Position")!, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_client_that_takes_none_of_the_formats_is_told_which_there_are()
    {
        var answer = await shared.OpenShop().GetAsync(Path, "text/html");
        answer.Status.ShouldBe(406);
        ((string)answer.Json["detail"]!).ShouldContain("application/x-ndjson, text/csv, application/vnd.apache.parquet");
    }

    private static string[] Lines(Answer answer) => answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Flat(JsonObject one) => string.Join('|', one.Select(static field => $"{field.Key}={Text(field.Value!)}"));

    private static string Text(JsonNode value) => value is JsonObject further ? Parsed(further.ToJsonString()) : value.ToString();

    private static string Parsed(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static async Task<List<string>> CsvAsync(Shop shop)
    {
        var text = (await shop.GetAsync(Path + "?format=csv")).Text;
        using var reader = new CsvParser(new StringReader(text), CultureInfo.InvariantCulture);
        reader.Read();
        var names = reader.Record!;
        var rows = new List<string>();
        while (reader.Read())
        {
            var row = reader.Record!;
            rows.Add(string.Join('|', names.Zip(row).Where(static field => field.Second.Length > 0)
                .Select(static field => $"{field.First}={(field.First == "attributes" ? Parsed(field.Second) : field.Second)}")));
        }

        return rows;
    }

    private static async Task<List<string>> ParquetAsync(Shop shop)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["events.parquet"], (await shop.GetAsync(Path + "?format=parquet")).Bytes, TestContext.Current.CancellationToken);
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{folder["events.parquet"]}')";
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Where(column => !reader.IsDBNull(column))
                .Select(column => Field(reader.GetName(column), reader.GetValue(column)))));
        }

        return rows;
    }

    private static string Field(string name, object value) => name switch
    {
        "received_at" => $"received_at={(DateTime)value:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}",
        "attributes" => $"attributes={Parsed((string)value)}",
        _ => $"{name}={Convert.ToString(value, CultureInfo.InvariantCulture)}",
    };
}
