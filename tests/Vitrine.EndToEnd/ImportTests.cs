using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed partial class ImportTests(SharedServer shared)
{
    private const string Mapping = """
        {
          "customer_id": "{who}",
          "attributes": {
            "cid": "66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A", "experience": "Homepage banner", "moe_locale_id": "0",
            "moe_variation_id": "1", "audience_name": "All Users", "audience_id": "5A"
          },
          "event_time": "{when}",
          "actions": [ { "action": "shown" } ]
        }
        """;

    [Fact]
    public async Task Elements_bodies_and_exports_are_taken_and_the_same_file_twice_counts_once()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        using var client = server.Client();
        var elements = folder.Write("elements.ndjson", Lines(150, Bodies.Element));
        var bodies = folder.Write("bodies.ndjson", Lines(40, static uuid => Bodies.Of(uuid, Guid.NewGuid(), Guid.NewGuid())));
        await ShouldCountAsync(server, elements, "150 events: 150 stored, 0 duplicate");
        await ShouldCountAsync(server, elements, "150 events: 0 stored, 150 duplicate");
        await ShouldCountAsync(server, bodies, "120 events: 120 stored, 0 duplicate");
        await ShouldCountAsync(server, bodies, "120 events: 0 stored, 120 duplicate");

        await client.ProjectedAsync();
        var export = folder.Write("export.ndjson", await client.TextAsync("/api/v1/exports/events"));
        await ShouldCountAsync(server, export, "270 events: 0 stored, 270 duplicate");
        var other = await shared.OpenAsync();
        await ShouldCountAsync(other, export, "270 events: 270 stored, 0 duplicate");
        using var copy = other.Client();
        await copy.ProjectedAsync();
        WithoutReceipt(await copy.TextAsync("/api/v1/exports/events")).ShouldBe(WithoutReceipt(File.ReadAllText(export)), ignoreOrder: true);
    }

    [Fact]
    public async Task Rows_without_uuids_count_as_often_as_they_are_there_and_once_however_often_they_are_sent()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        var alike = Uuid().Replace(Bodies.Element(Guid.Empty), "");
        var file = folder.Write("alike.ndjson", $"{alike}\n\n{alike}\n{alike.Replace("customer-00", "somebody", StringComparison.Ordinal)}\n");
        await ShouldCountAsync(server, file, "3 events: 3 stored, 0 duplicate");
        await ShouldCountAsync(server, file, "3 events: 0 stored, 3 duplicate");

        var csv = folder.Write("rows.csv", "who,when\nada-1,1725258666\nada-1,1725258666\n\"grace, h\",2024-09-02T06:31:06Z\n");
        var mapping = folder.Write("mapping.json", Mapping);
        await ShouldCountAsync(server, csv, "3 events: 3 stored, 0 duplicate", "--mapping", mapping);
        await ShouldCountAsync(server, csv, "3 events: 0 stored, 3 duplicate", "--mapping", mapping);
    }

    [Fact]
    public async Task A_click_in_the_row_of_an_impression_is_an_event_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        using var client = server.Client();
        var (seen, clicked) = (Guid.NewGuid(), Guid.NewGuid());
        var csv = folder.Write("rows.csv", $"id,who,when,click\n{seen},ada-1,1725258666,0\n{clicked},grace-2,1725258667,1\n");
        var mapping = folder.Write("mapping.json", Mapping.Replace(
            "\"actions\": [ { \"action\": \"shown\" } ]",
            "\"moe_event_uuid\": \"{id}\", \"actions\": [ { \"action\": \"shown\" }, { \"action\": \"clicked\", \"when\": { \"click\": \"1\" } } ]",
            StringComparison.Ordinal));
        await ShouldCountAsync(server, csv, "3 events: 3 stored, 0 duplicate", "--mapping", mapping);
        await ShouldCountAsync(server, csv, "3 events: 0 stored, 3 duplicate", "--mapping", mapping);
        var uuids = await client.UuidsAsync();
        uuids.Count.ShouldBe(3);
        uuids.ShouldContain(seen);
        uuids.ShouldContain(clicked);
    }

    [Fact]
    public async Task An_import_that_is_refused_says_whose_key_is_wrong()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        var file = folder.Write("elements.ndjson", Lines(3, Bodies.Element));
        (await VitrineCommand.RunAsync(server, "import", file, "--key", "wrong-key-0123")).ShouldFailWith($"knows no workspace {server.Workspace} with this key");
    }

    [Fact]
    public async Task Standard_input_is_read()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        var result = await VitrineCommand.RunAsync(["import", "-"], server, Lines(3, Bodies.Element));
        result.ShouldSucceed().Output.ShouldBe(["3 events: 3 stored, 0 duplicate"]);
    }

    [Fact]
    public async Task Nothing_to_import_is_no_failure()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        await ShouldCountAsync(server, folder.Write("empty.ndjson", ""), "0 events: 0 stored, 0 duplicate");
        await ShouldCountAsync(server, folder.Write("empty.csv", "who,when\n"), "0 events: 0 stored, 0 duplicate", "--mapping", folder.Write("mapping.json", Mapping));
    }

    [Fact]
    public async Task A_bad_line_is_named_by_its_number_and_the_others_are_imported()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        await ShouldNameAsync("{ no json", "line 2 is no JSON");
        await ShouldNameAsync("{\"action\":\"a\",\"action\":\"b\"}", "line 2 is no JSON");
        await ShouldNameAsync("{\"customer_id\":\"ada-1\",\"actions\":[{\"attributes\":{\"deep\":" + new string('[', 58) + new string(']', 58) + "}}]}", "line 2");
        await ShouldNameAsync("[1]", "line 2 is no JSON object");
        await ShouldNameAsync(Bodies.Element(Guid.NewGuid()).Replace("Homepage", "\\ud800", StringComparison.Ordinal), "line 2 holds half of a surrogate pair");
        await ShouldNameAsync("{\"x\":1}", "line 2 has neither");
        await ShouldNameAsync("{\"customer_id\":\"ada-1\",\"actions\":7}", "line 2");
        await ShouldNameAsync("{\"elements\":[3]}", "line 2 has an element that is no object");
        await ShouldNameAsync("{\"customer_id\":\"ada-1\",\"actions\":[{\"action\":\"DANCED\"}]}", "line 2, actions/0/action");

        async Task ShouldNameAsync(string line, string message)
        {
            var file = folder.Write("bad.ndjson", $"{Bodies.Element(Guid.NewGuid())}\n{line}\n{Bodies.Element(Guid.NewGuid())}\n");
            var result = await VitrineCommand.RunAsync(server, "import", file);
            result.ExitCode.ShouldNotBe(0, result.Text);
            result.Output.ShouldBe(["2 events: 2 stored, 0 duplicate; 1 refused"]);
            result.Errors.ShouldAllBe(static error => error.StartsWith("vitrine: ", StringComparison.Ordinal));
            result.Errors[0].ShouldContain(message);
            result.Text.ShouldNotContain("   at ");
            result.Text.ShouldNotContain("unexpected");
        }
    }

    [Fact]
    public async Task A_mapping_that_does_not_fit_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        var csv = folder.Write("rows.csv", "who,when\nada-1,1725258666\n");
        await ShouldFailAsync(Mapping.Replace("{who}", "{whom}", StringComparison.Ordinal), "column(s) whom");
        await ShouldFailAsync("{ nonsense", "is no mapping");
        await ShouldFailAsync("""{"customer_id":"{who}"}""", "lacks attributes, actions");
        await ShouldFailAsync("""{"customer_id":"{who}","attributes":{},"actions":"shown"}""", "what stands at $.actions");
        await ShouldFailAsync("[]", "no JSON object");
        await ShouldFailAsync("null", "is empty");
        await ShouldFailAsync(Mapping.Replace("\"event_time\"", "\"event_thyme\"", StringComparison.Ordinal), "has event_thyme, which no mapping of events knows");
        (await VitrineCommand.RunAsync(server, "import", csv)).ShouldFailWith("needs --mapping");
        (await VitrineCommand.RunAsync(server, "import", csv, "--mapping", folder["absent.json"])).ShouldFailWith("absent.json");
        (await VitrineCommand.RunAsync(server, "import", folder["absent.ndjson"])).ShouldFailWith("absent.ndjson");
        csv = folder.Write("rows.csv", "who,when\nada-1,1725258666\nada-1,yesterday\n");
        await ShouldFailAsync(Mapping, "line 3: 'yesterday' is no time");
        csv = folder.Write("rows.csv", "who,when\nada-1,99999999999999999999\n");
        await ShouldFailAsync(Mapping, "line 2");
        csv = folder.Write("rows.csv", "who,when\nad\"a,1725258666\nada-1,1725258666\n");
        await ShouldFailAsync(Mapping, "line 2: a quotation mark is out of place");
        (await VitrineCommand.RunAsync(server, "import", csv, "--mapping", folder["mapping.json"], "--connections", "0")).ShouldFailWith("--connections must be 1–256");

        async Task ShouldFailAsync(string mapping, string message) =>
            (await VitrineCommand.RunAsync(server, "import", csv, "--mapping", folder.Write("mapping.json", mapping))).ShouldFailWith(message);
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_of_an_import_loses_and_doubles_nothing()
    {
        const int Events = 20_000;
        using var folder = new TemporaryFolder();
        var random = Seeded.Announced();
        var uuids = Enumerable.Range(0, Events).Select(_ => random.Uuid()).ToList();
        var file = folder.Write("many.ndjson", string.Join('\n', uuids.Select(Bodies.Element)));
        var server = await ServerProcess.StartAsync(folder["data"]);
        try
        {
            await using var import = VitrineCommand.Start(["import", file, "--connections", "8"], server);
            var setup = new ServerSetup(folder["data"]) { Urls = server.Address.ToString() };
            for (var kill = 0; kill < 2; kill++)
            {
                using var client = server.Client();
                var goal = Events / 4 * (kill + 1);
                await Poll.UntilAsync("the import is under way", TimeSpan.FromSeconds(60), async () => await client.ReceivedAsync() >= goal);
                import.HasExited.ShouldBeFalse();
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(setup);
            }

            (await import.ExitAsync(TimeSpan.FromSeconds(90))).ShouldBe(0, string.Join('\n', import.Errors));
            import.Output[^1].ShouldStartWith("20,000 events: ");
            using var last = server.Client();
            (await last.UuidsAsync()).ShouldBe(uuids, ignoreOrder: true);
            await last.LedgerShouldBalanceAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task ShouldCountAsync(ServerProcess server, string file, string outcome, params string[] options) =>
        (await VitrineCommand.RunAsync(server, ["import", file, .. options])).ShouldSucceed().Output[^1].ShouldBe(outcome);

    private static string Lines(int count, Func<Guid, string> line) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => line(Guid.NewGuid()) + "\n"));

    /// <summary>What two servers must agree on: all but when and with which request it came.</summary>
    private static string[] WithoutReceipt(string export) =>
        Receipt().Replace(export, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("\"moe_event_uuid\":\"[^\"]*\",")]
    private static partial Regex Uuid();

    [GeneratedRegex(",\"received_at\":\"[^\"]*\",\"req_id\":\"[^\"]*\"")]
    private static partial Regex Receipt();
}
