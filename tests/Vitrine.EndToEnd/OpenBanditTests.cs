using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>Real impressions and clicks: the reports say what any correct count says, whatever happens in between.</summary>
public sealed class OpenBanditTests
{
    /// <summary>One row: campaign, policy, impressions, clicks, unique users shown, unique users who clicked.</summary>
    private static readonly (string Experience, string Variation, int Impressions, int Clicks, int UniqueImpressions, int UniqueClicks)[] Table =
    [
        ("men", "0", 10_000, 46, 230, 31),
        ("men", "1", 10_000, 69, 238, 34),
        ("women", "0", 10_000, 46, 205, 27),
        ("women", "1", 10_000, 46, 212, 26),
    ];

    /// <summary>Impressions and clicks by policy and position.</summary>
    private static readonly Dictionary<string, (int Impressions, int Clicks)[]> Positions = new()
    {
        ["men/0"] = [(3284, 10), (3388, 22), (3328, 14)],
        ["men/1"] = [(3339, 30), (3262, 21), (3399, 18)],
        ["women/0"] = [(3329, 15), (3374, 15), (3297, 16)],
        ["women/1"] = [(3288, 17), (3360, 17), (3352, 12)],
    };

    internal const string Mapping = """
        {
          // A campaign is an experience, a policy one of its variations.
          "customer_id": "{user}",
          "event_time": "{timestamp}",
          "platform": "web",
          "attributes": {
            "cid": "{campaign}_F_T_WP_AB_{policy}_P_0_AU_ALL",
            "experience": "Campaign {campaign}",
            "moe_locale_id": "{position}",
            "moe_variation_id": "{policy}",
            "audience_name": "All Users",
            "audience_id": "ALL",
            "item_id": "{item_id}",
          },
          "values": { "policy": { "random": "0", "bts": "1" } },
          "actions": [ { "action": "shown" }, { "action": "clicked", "when": { "click": "1" } } ],
        }
        """;

    private static readonly string[] Reports =
    [
        "/api/v1/reports/experiences",
        "/api/v1/reports/experiences/men?by=variation,locale&scale=hour&tz=Asia/Tokyo",
        "/api/v1/reports/experiences/women?by=variation,audience,platform&scale=day",
        "/api/v1/reports/experiences/men?from=2019-11-25&to=2019-11-28&by=locale",
    ];

    [Fact]
    public async Task The_table_holds_after_imports_a_kill_a_rebuild_and_a_restored_backup()
    {
        var rows = Build.SharedOrSkip("data/open-bandit/impressions.csv");
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var (data, backup) = (folder["data"], folder["backup"]);
        var import = new[] { "import", rows, "--mapping", folder.Write("mapping.json", Mapping), "--connections", "16" };
        List<string> first;
        await using (var server = await ServerProcess.StartAsync(data))
        {
            using var client = server.Client();
            (await VitrineCommand.RunAsync(server, import)).ShouldSucceed().Output[^1].ShouldBe("40,207 events: 40,207 stored, 0 duplicate");
            await ShouldHoldAsync(client);
            first = await ReadAsync(client);

            (await VitrineCommand.RunAsync(server, import)).ShouldSucceed().Output[^1].ShouldBe("40,207 events: 0 stored, 40,207 duplicate");
            await ShouldHoldAsync(client);
            await client.LedgerShouldBalanceAsync();
            Figures(await ReadAsync(client)).ShouldBe(Figures(first));
            first = await ReadAsync(client);

            (await VitrineCommand.RunAsync("backup", backup, "--data", data)).ShouldSucceed();
            await server.KillAsync();
        }

        await ShouldStillSayAsync(data, first);
        (await VitrineCommand.RunAsync("projection", "rebuild", "--data", data)).ShouldSucceed();
        await ShouldStillSayAsync(data, first);
        (await VitrineCommand.RunAsync("restore", backup, "--data", other["data"])).ShouldSucceed();
        await ShouldStillSayAsync(other["data"], first);
    }

    [Fact]
    public async Task An_event_takes_at_most_sixty_bytes_in_the_journal_and_as_many_in_the_projection()
    {
        Assert.SkipUnless(Build.Long, "Two hundred thousand events take half a minute; ./test --long sends them.");
        const int copies = 10;
        var rows = await File.ReadAllLinesAsync(Build.SharedOrSkip("data/open-bandit/impressions.csv"), TestContext.Current.CancellationToken);
        using var folder = new TemporaryFolder();
        var many = Enumerable.Range(0, copies).SelectMany(copy => rows.Skip(1).Select(row => OfAnotherUser(row, copy)));
        var table = folder.Write("many.csv", string.Join('\n', many.Prepend(rows[0])));
        var data = folder["data"];
        await using (var server = await ServerProcess.StartAsync(data))
        {
            var import = await VitrineCommand.RunAsync(server, "import", table, "--mapping", folder.Write("mapping.json", Mapping));
            import.ShouldSucceed().Output[^1].ShouldBe("402,070 events: 402,070 stored, 0 duplicate");
            await server.StopAsync();
        }

        foreach (var file in (string[])["journal.db", "projection.duckdb"])
        {
            var bytes = new FileInfo(Path.Combine(data, file)).Length / (40_207d * copies);
            TestContext.Current.SendDiagnosticMessage($"{file}: {bytes:N1} bytes an event");
            bytes.ShouldBeLessThanOrEqualTo(60, file);
        }
    }

    /// <summary>The row with its user's id turned by so many places, so that it is another event of the same length.</summary>
    private static string OfAnotherUser(string row, int places)
    {
        var user = row.LastIndexOf(',') + 1;
        return string.Concat(row.AsSpan(0, user), row.AsSpan(user + places), row.AsSpan(user, places));
    }

    private static async Task ShouldStillSayAsync(string data, List<string> reports)
    {
        await using var server = await ServerProcess.StartAsync(data);
        using var client = server.Client();
        await ShouldHoldAsync(client);
        (await ReadAsync(client)).ShouldBe(reports);
        await server.StopAsync();
    }

    private static async Task<List<string>> ReadAsync(ApiClient client)
    {
        await client.ProjectedAsync();
        var answers = new List<string>();
        foreach (var path in Reports)
        {
            answers.Add(await client.TextAsync(path));
        }

        return answers;
    }

    /// <summary>The reports without the position that they reach, which grows with duplicates too.</summary>
    private static List<string> Figures(List<string> reports) =>
        [.. reports.Select(static report => System.Text.RegularExpressions.Regex.Replace(report, "\"as_of\":{[^}]*}", ""))];

    private static async Task ShouldHoldAsync(ApiClient client)
    {
        await client.ProjectedAsync();
        foreach (var (experience, variation, impressions, clicks, uniqueImpressions, uniqueClicks) in Table)
        {
            var report = (await client.GetAsync($"/api/v1/reports/experiences/{experience}?by=variation")).Json;
            var total = Group(report, variation);
            total.GetProperty("impressions").GetInt32().ShouldBe(impressions);
            total.GetProperty("clicks").GetInt32().ShouldBe(clicks);
            total.GetProperty("ctr").GetDouble().ShouldBe(100d * clicks / impressions, 0.005);
            total.GetProperty("unique_impressions").GetInt32().ShouldBe(uniqueImpressions);
            total.GetProperty("unique_clicks").GetInt32().ShouldBe(uniqueClicks);

            var positions = (await client.GetAsync($"/api/v1/reports/experiences/{experience}?by=variation,locale")).Json;
            for (var position = 1; position <= 3; position++)
            {
                var figures = Group(positions, variation, $"{position}");
                (figures.GetProperty("impressions").GetInt32(), figures.GetProperty("clicks").GetInt32())
                    .ShouldBe(Positions[$"{experience}/{variation}"][position - 1]);
            }
        }
    }

    private static JsonElement Group(JsonElement report, string variation, string? locale = null) => report
        .GetProperty("groups")
        .EnumerateArray()
        .Single(group => group.GetProperty("variation").GetString() == variation
            && (locale is null || group.GetProperty("locale").GetString() == locale))
        .GetProperty("total");
}
