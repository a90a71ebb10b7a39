using System.Text.Json.Nodes;
using Vitrine.Cluster;
using Vitrine.Decisions;
using Vitrine.Projection.Lookups;
using Vitrine.Tests.Decisions;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

/// <summary>A node that keeps no projection decides by what one that does knows of customers.</summary>
[Collection(OnNats.Name)]
public sealed class CustomerLookupTests(NatsServers nats)
{
    private static readonly string Gold = """{"source":"user","name":"plan","op":"equals","value":"gold"}""";
    private static readonly string Buyers = """{"source":"behaviour","name":"Ordered","op":"gte","value":1}""";
    private static readonly string NotYetTwice = """{"not":{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","experience":"for-gold","op":"gte","value":2,"days":7}}""";

    [Fact]
    public async Task What_is_stored_of_a_customer_decides_the_same_at_a_node_that_projects_and_at_one_that_does_not()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.PublishedAsync("for-gold", Gold);
        await cluster.PublishedAsync("for-buyers", Buyers);
        await cluster.PublishedAsync("not-too-often", NotYetTwice);
        await cluster.PublishedAsync("for-all", null);
        var shop = cluster.Shop;
        await shop.SetAttributesAsync("ada", """{"plan":"gold","first_name":"Ada","u_em":"ada@shop.example"}""");
        await shop.SetAttributesAsync("bea", """{"plan":"silver","first_name":"Bea","u_mb":"+41 79 000 00 00"}""");
        await shop.SetAttributesAsync("cleo@shop.example", """{"plan":"gold"}""");
        (await shop.PostGoalsAsync("bea", new JsonObject { ["action"] = "Ordered" })).ShouldBeAccepted();
        await cluster.CountedAsync();
        var context = (await shop.FetchedAsync("ada", "for-gold"))["for-gold"]!["experience_context"]!;
        for (var shown = 0; shown < 2; shown++)
        {
            (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"}}""")).ShouldBe(["for-all", "for-gold", "not-too-often"]);
            (await shop.PostAsync(Bodies.One(
                static element => element["customer_id"] = "ada",
                action => (action["attributes"], action["event_time"]) = (context.DeepClone(), shop.Server.Time.GetUtcNow().ToUnixTimeSeconds())))).ShouldBeAccepted();
            await shop.Server.ProjectedAsync();
        }

        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"}}""")).ShouldBe(["for-all", "for-gold"]);
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"},"experience_key":["for-buyers","not-too-often"]}""")).ShouldBe([]);
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"bea"}}""")).ShouldBe(["for-all", "for-buyers", "not-too-often"]);
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"nobody-known"}}""")).ShouldBe(["for-all", "not-too-often"]);
        (await cluster.FetchedAsync("""{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example"}}}""")).ShouldBe(["for-all", "for-gold"]);
        (await cluster.FetchedAsync("""{"identifiers":{"user_identifiers":{"u_mb":"+41 79 000 00 00"}},"experience_key":["for-buyers"]}""")).ShouldBe(["for-buyers"]);
        (await cluster.FetchedAsync("""{"identifiers":{"user_identifiers":{"u_em":"cleo@shop.example"}}}""")).ShouldBe(["for-all", "for-gold", "not-too-often"]);
        (await cluster.FetchedAsync("{}")).ShouldBe(["for-all"]);

        await shop.SetAttributesAsync("bea", """{"plan":"gold"}""");
        (await shop.RemoveProfileAsync("ada")).Status.ShouldBe(204);
        await shop.Server.ProjectedAsync();
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"}}""")).ShouldBe(["for-all"]);
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"bea"}}""")).ShouldBe(["for-all", "for-buyers", "for-gold", "not-too-often"]);
    }

    [Fact]
    public async Task Customers_are_known_by_their_pseudonyms_there_too()
    {
        await using var cluster = await SplitCluster.StartAsync(nats, pseudonyms: true);
        await cluster.PublishedAsync("for-gold", Gold);
        await cluster.Shop.SetAttributesAsync("ada", """{"plan":"gold","u_em":"ada@shop.example"}""");
        await cluster.Shop.SetAttributesAsync("cleo@shop.example", """{"plan":"gold"}""");
        await cluster.CountedAsync();
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"}}""")).ShouldBe(["for-gold"]);
        (await cluster.FetchedAsync("""{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example"}}}""")).ShouldBe(["for-gold"]);
        (await cluster.FetchedAsync("""{"identifiers":{"user_identifiers":{"u_em":"cleo@shop.example"}}}""")).ShouldBe(["for-gold"]);
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"nobody-known"}}""")).ShouldBe([]);
    }

    [Fact]
    public async Task A_decision_asks_only_where_its_experiences_do_and_the_customer_is_named()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.PublishedAsync("for-gold", Gold);
        await cluster.PublishedAsync("for-all", null);
        await cluster.CountedAsync();
        var before = await cluster.LookupsAsync();
        await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"},"experience_key":["for-all"]}""");
        await cluster.FetchedAsync("{}");
        (await cluster.LookupsAsync()).ShouldBe(before);
        await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"},"experience_key":["for-gold","for-all"]}""");
        (await cluster.LookupsAsync()).ShouldBe(before + 1);
        await cluster.Shop.StepAsync("for-gold", "pause");
        await Eventually.BeTrueAsync(async () => (await cluster.Elsewhere.FailuresAsync(JsonNode.Parse("""{"experience_key":["for-gold"]}""")!.AsObject())).ToJsonString().Contains("NOT_ACTIVE", StringComparison.Ordinal));
        await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"},"experience_key":["for-gold","for-all"]}""");
        (await cluster.LookupsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task While_no_node_projects_only_decisions_that_ask_nothing_stored_are_made_and_a_node_that_comes_answers_when_it_knows_everything()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.PublishedAsync("for-gold", Gold);
        await cluster.PublishedAsync("for-buyers", Buyers);
        await cluster.PublishedAsync("for-all", null);
        for (var customer = 0; customer < 200; customer++)
        {
            (await cluster.Shop.PostGoalsAsync($"customer-{customer}", new JsonObject { ["action"] = "Ordered" })).ShouldBeAccepted();
        }

        await cluster.Shop.SetAttributesAsync("customer-199", """{"plan":"gold"}""");
        await cluster.CountedAsync();
        await cluster.FetchedAsync("""{"identifiers":{"customer_id":"customer-199"}}""");
        await cluster.StopProjectingAsync();

        const string Asking = """{"identifiers":{"customer_id":"customer-199"},"experience_key":["for-gold","for-buyers"]}""";
        var refused = (await cluster.Elsewhere.FetchAsync(Asking)).ShouldBeError(503, "Service Unavailable", FetchReading.Unanswered.Description);
        refused.Header("Retry-After").ShouldBe("1");
        (await cluster.Elsewhere.FetchAsync("""{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example"}}}""")).Status.ShouldBe(503);
        (await cluster.Elsewhere.FetchedAsync("customer-199", "for-all")).Count.ShouldBe(1);
        (await cluster.Elsewhere.FetchedAsync()).Select(static one => one.Key).ShouldBe(["for-all"]);

        await cluster.StartProjectingAsync();
        await Eventually.BeTrueAsync(async () =>
        {
            var answer = await cluster.Elsewhere.FetchAsync(Asking);
            if (answer.Status != 503)
            {
                answer.Json["experiences"]!.AsObject().Select(static one => one.Key).ShouldBe(["for-gold", "for-buyers"]);
            }

            return answer.Status == 200;
        });
    }

    [Fact]
    public async Task The_largest_profile_comes_whole()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.PublishedAsync("for-gold", Gold);
        await cluster.Shop.SetAttributesAsync("ada", """{"plan":"gold","first_name":"Ada"}""");
        foreach (var part in "abc")
        {
            // 21,000 characters that JSON writes as six each, in a name: there is no longer way to write 64 KiB.
            var name = part + string.Concat(Enumerable.Repeat("\\u0001", 21_000));
            await cluster.Shop.SetAttributesAsync("ada", $"{{\"{name}\":1}}");
        }

        await cluster.CountedAsync();
        (await cluster.FetchedAsync("""{"identifiers":{"customer_id":"ada"}}""")).ShouldBe(["for-gold"]);
        var (here, there) = (await cluster.AskAsync(cluster.Projecting, "ada"), await cluster.AskAsync(cluster.Deciding, "ada"));
        there.Profile.Length.ShouldBeGreaterThan(370_000);
        there.Profile.Written.SequenceEqual(here.Profile.Written).ShouldBeTrue();
    }

    [Fact]
    public async Task Of_many_that_are_asked_about_at_once_each_gets_his_own()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.PublishedAsync("for-gold", Gold);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => cluster.Shop.SetAttributesAsync($"customer-{number}", $$"""{"plan":"gold","first_name":"Number {{number}}"}""")));
        await cluster.CountedAsync();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(async index =>
        {
            var number = index % 40;
            var experience = (await cluster.Elsewhere.FetchedAsync($"customer-{number}", "for-gold"))["for-gold"]!;
            ((string)experience["payload"]!["title"]!["value"]!).ShouldBe($"Hello Number {number}");
        }));
    }

    [Fact]
    public async Task A_node_that_hangs_is_passed_over_and_what_nobody_understands_stops_nobody()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await cluster.Shop.SetAttributesAsync("ada", """{"plan":"gold"}""");
        await cluster.CountedAsync();
        await using var hanging = new ClusterConnection(cluster.Options);
        var connection = hanging.JetStream.Connection;
        await connection.PublishAsync(hanging.LookupSubject, "something else"u8.ToArray(), cancellationToken: TestContext.Current.CancellationToken);
        await using var unread = await connection.SubscribeCoreAsync<byte[]>(hanging.LookupSubject, "project", cancellationToken: TestContext.Current.CancellationToken);
        await connection.PingAsync(TestContext.Current.CancellationToken);
        var asked = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => await cluster.Deciding.Service<ICustomerLookup>().AnswerAsync(cluster.Question("ada"), TestContext.Current.CancellationToken)));
        unread.Msgs.TryRead(out _).ShouldBeTrue();
        asked.Count(static outcome => outcome == LookupOutcome.Answered).ShouldBeGreaterThan(140, "of each two tries one comes to it, and there are three");
    }
}
