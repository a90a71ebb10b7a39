using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed partial class GoalImportTests(SharedServer shared)
{
    private const string Mapping = """
        {
          "customer_id": "{who}",
          "event_time": "{when}",
          "event_id": "order {order}",
          "platform": "{where}",
          "app_version": "2.1",
          "attributes": { "price": "{price}", "currency": "EUR" },
          "actions": [ { "action": "Order Placed" }, { "action": "Returned", "when": { "returned": "yes" } } ],
          "values": { "where": { "phone": "ios" } }
        }
        """;

    [Fact]
    public async Task Bodies_and_exports_are_taken_and_the_same_file_twice_counts_once()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        using var client = server.Client();
        var bodies = folder.Write("bodies.ndjson", string.Concat(Enumerable.Range(1, 30).Select(static size => Body(size) + "\n")));
        await ShouldCountAsync(server, bodies, "465 events: 465 stored, 0 duplicate");
        await ShouldCountAsync(server, bodies, "465 events: 0 stored, 465 duplicate");

        await client.ProjectedAsync();
        var export = folder.Write("export.ndjson", await client.TextAsync("/api/v1/exports/goal-events"));
        await ShouldCountAsync(server, export, "465 events: 0 stored, 465 duplicate");
        var other = await shared.OpenAsync();
        await ShouldCountAsync(other, export, "465 events: 465 stored, 0 duplicate");
        using var copy = other.Client();
        await copy.ProjectedAsync();
        WithoutReceipt(await copy.TextAsync("/api/v1/exports/goal-events")).ShouldBe(WithoutReceipt(File.ReadAllText(export)), ignoreOrder: true);
        await copy.LedgerShouldBalanceAsync();
    }

    [Fact]
    public async Task Events_of_one_customer_that_follow_each_other_share_a_request()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        using var client = server.Client();
        var file = folder.Write("orders.ndjson", string.Concat(Enumerable.Range(0, 250).Select(static order =>
            $$$"""{"customer_id":"{{{(order < 220 ? "ada-1" : $"grace-{order % 2}")}}}","action":"order","event_id":"{{{order}}}","attributes":{"price":{{{order}}}.5}}""" + "\n")));
        await ShouldCountAsync(server, file, "250 events: 250 stored, 0 duplicate");
        await client.ProjectedAsync();
        var exported = await client.ExportAsync("goal-events");
        exported.Sum(static one => one.GetProperty("attributes").GetProperty("price").GetDecimal()).ShouldBe((249 * 250 / 2) + 125);
        var requests = exported.GroupBy(static one => one.GetProperty("req_id").GetString()).Select(static request => request.Count()).ToList();
        requests.Count.ShouldBe(3 + 30); // 100, 100 and 20 of one customer; the others take turns.
        requests.Max().ShouldBe(100);
    }

    [Fact]
    public async Task Events_without_an_id_count_as_often_as_they_are_there_and_once_however_often_they_are_sent()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        const string order = """{"customer_id":"ada-1","action":"order","current_time":"2026-11-03T09:00:00Z"}""";
        var file = folder.Write("alike.ndjson", $"{order}\n{order}\n\n{order.Replace("ada", "grace", StringComparison.Ordinal)}\n");
        await ShouldCountAsync(server, file, "3 events: 3 stored, 0 duplicate");
        await ShouldCountAsync(server, file, "3 events: 0 stored, 3 duplicate");
    }

    [Fact]
    public async Task Rows_become_events_by_a_mapping_and_are_recognised_by_their_id()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        using var client = server.Client();
        var csv = folder.Write("orders.csv", "order,who,when,where,price,returned\n17,ada-1,1762160400,phone,12.50,no\n18,\"grace, h\",2026-11-03T09:00:00Z,web,99,yes\n");
        var mapping = folder.Write("mapping.json", Mapping);
        await ShouldCountAsync(server, csv, "3 events: 3 stored, 0 duplicate", "--mapping", mapping);
        await ShouldCountAsync(server, csv, "3 events: 0 stored, 3 duplicate", "--mapping", mapping);
        (await client.PostGoalsAsync("""{"type":"event","customer_id":"ada-1","actions":[{"action":"Order Placed","event_id":"order 17"}]}""")).Status.ShouldBe(200);
        var exported = await client.ExportAsync("goal-events");
        exported.Count.ShouldBe(3, "the shop reports an order itself that was imported: it has the same id, and counts once");
        exported.Select(static one => one.GetProperty("action").GetString()).ShouldBe(["Order Placed", "Order Placed", "Returned"], ignoreOrder: true);
        var first = exported.Single(static one => one.GetProperty("customer_id").GetString() == "ada-1");
        first.GetProperty("current_time").GetInt64().ShouldBe(1_762_160_400);
        first.GetProperty("platform").GetString().ShouldBe("ios", StringCompareShould.IgnoreCase);
        first.GetProperty("app_version").GetString().ShouldBe("2.1");
        first.GetProperty("attributes").GetProperty("price").GetString().ShouldBe("12.50");
    }

    [Fact]
    public async Task A_bad_line_is_named_by_its_number_and_the_others_are_imported()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        await ShouldNameAsync("{ no json", "line 2 is no JSON");
        await ShouldNameAsync("[1]", "line 2 is no JSON object");
        await ShouldNameAsync("""{"x":1}""", "line 2 has neither 'actions' nor 'action'");
        await ShouldNameAsync("""{"customer_id":"ada-1","actions":[]}""", "line 2 has 'actions' that are no array");
        await ShouldNameAsync("""{"customer_id":"ada-1","actions":7}""", "line 2 has 'actions' that are no array");
        await ShouldNameAsync("""{"action":"order"}""", "line 2: the server answered 400");
        await ShouldNameAsync("""{"customer_id":{"a":1},"action":"order"}""", "customer_id must be a string");
        await ShouldNameAsync("""{"customer_id":"same","action":"order","current_time":"yesterday"}""", "line 2, actions/0/current_time must be");
        await ShouldNameAsync("""{"customer_id":"\ud800","action":"order"}""", "line 2 holds half of a surrogate pair");
        await ShouldNameAsync("""{"customer_id":"same","action":"MOE_PERSONALIZATION_MESSAGE_SHOWN"}""", "/v1/experiences/events");
        await ShouldNameAsync($$"""{"customer_id":"same","actions":[{{string.Join(',', Enumerable.Repeat("{\"action\":\"order\"}", 101))}}]}""", "has 101 items");
        await ShouldNameAsync($$$"""{"customer_id":"same","action":"order","attributes":{"a":"{{{new string('x', 132_000)}}}"}}""", "413");

        async Task ShouldNameAsync(string line, string message)
        {
            var file = folder.Write("bad.ndjson", $"{Order()}\n{line}\n{Order()}\n");
            var result = await VitrineCommand.RunAsync(server, "import", file, "--kind", "goals");
            result.ExitCode.ShouldNotBe(0, result.Text);
            result.Output.ShouldBe(["2 events: 2 stored, 0 duplicate; 1 refused"], result.Text);
            result.Errors[0].ShouldContain(message);
            result.Text.ShouldNotContain("   at ");
            result.Text.ShouldNotContain("unexpected");
        }
    }

    [Fact]
    public async Task What_does_not_fit_the_kind_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        var server = await shared.OpenAsync();
        var csv = folder.Write("orders.csv", "order,who,when,where,price,returned\n17,ada-1,1762160400,phone,12.50,no\n");
        var mapping = folder.Write("mapping.json", Mapping);
        (await VitrineCommand.RunAsync(server, "import", csv, "--mapping", mapping)).ShouldFailWith("has event_id, app_version, which no mapping of events knows");
        (await VitrineCommand.RunAsync(server, "import", csv, "--kind", "clicks")).ShouldFailWith("--kind must be events or goals");
        (await VitrineCommand.RunAsync(server, "import", csv, "--kind", "goals", "--key", "wrong-key-0123", "--mapping", mapping)).ShouldFailWith($"knows no workspace {server.Workspace} with this key");
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_loses_and_doubles_nothing()
    {
        const int Events = 12_000;
        using var folder = new TemporaryFolder();
        var random = Seeded.Announced();
        var file = folder.Write("many.ndjson", string.Concat(Enumerable.Range(0, Events / 4).Select(_ =>
            GoalBodies.Of(random.Uuid(), random.Uuid(), random.Uuid(), random.Uuid()) + "\n")));
        var server = await ServerProcess.StartAsync(folder["data"]);
        try
        {
            await using var import = VitrineCommand.Start(["import", file, "--kind", "goals", "--connections", "8"], server);
            using (var client = server.Client())
            {
                await Poll.UntilAsync("the import is under way", TimeSpan.FromSeconds(60), async () => await client.ReceivedAsync() >= Events / 4);
            }

            import.HasExited.ShouldBeFalse();
            await server.KillAsync();
            await server.DisposeAsync();
            server = await ServerProcess.StartAsync(new ServerSetup(folder["data"]) { Urls = server.Address.ToString() });
            (await import.ExitAsync(TimeSpan.FromSeconds(90))).ShouldBe(0, string.Join('\n', import.Errors));
            import.Output[^1].ShouldStartWith("12,000 events: ");
            using var last = server.Client();
            var exported = await last.ExportAsync("goal-events");
            exported.Count.ShouldBe(Events);
            exported.Select(static one => one.GetProperty("moe_event_uuid").GetGuid()).Distinct().Count().ShouldBe(Events);
            await last.LedgerShouldBalanceAsync();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static string Body(int events) => GoalBodies.Of([.. Enumerable.Range(0, events).Select(static _ => Guid.NewGuid())]);

    private static string Order() => $$"""{"customer_id":"same","action":"order","moe_event_uuid":"{{Guid.NewGuid()}}"}""";

    private static async Task ShouldCountAsync(ServerProcess server, string file, string outcome, params string[] options) =>
        (await VitrineCommand.RunAsync(server, ["import", file, "--kind", "goals", .. options])).ShouldSucceed().Output[^1].ShouldBe(outcome);

    /// <summary>What two servers must agree on: all but when and with which request it came.</summary>
    private static string[] WithoutReceipt(string export) => Receipt().Replace(export, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(",\"received_at\":\"[^\"]*\",\"req_id\":\"[^\"]*\"")]
    private static partial Regex Receipt();
}
