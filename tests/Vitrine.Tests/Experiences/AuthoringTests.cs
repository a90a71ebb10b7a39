using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences;

public sealed class AuthoringTests(SharedServer shared)
{
    [Fact]
    public async Task A_new_experience_is_a_draft_with_ids_shares_and_defaults()
    {
        var shop = shared.OpenShop("Europe/Zurich");
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(
            new JsonObject { ["name"] = "First", ["variations"] = new JsonArray(new JsonObject(), new JsonObject(), new JsonObject()) },
            Authoring.Audience("Second", ("Only", 100)));
        var answer = await shop.CreateAsync(document);
        answer.Status.ShouldBe(201, answer.Text);
        answer.Header("Location").ShouldBe("/api/v1/experiences/checkout-banner");
        answer.Header("ETag").ShouldBe("\"1\"");
        var experience = answer.Json;
        ((string)experience["status"]!).ShouldBe("Draft");
        ((string)experience["id"]!).ShouldMatch("^[0-9a-f]{24}$");
        ((string)experience["time_zone"]!).ShouldBe("Europe/Zurich");
        ((string)experience["priority"]!).ShouldBe("Medium");
        ((int)experience["attribution_window_hours"]!).ShouldBe(36);
        experience["audiences"]!.AsArray().Select(static one => (string)one!["id"]!).ShouldBe(["1", "2"]);
        var variations = experience["audiences"]![0]!["variations"]!.AsArray();
        variations.Select(static one => (string)one!["id"]!).ShouldBe(["0", "1", "2"]);
        variations.Select(static one => (decimal)one!["share"]!).ShouldBe([33.34m, 33.33m, 33.33m]);
        variations.Select(static one => (string)one!["locale_id"]!).ShouldBe(["0", "0", "0"]);
        experience["live_version"].ShouldBeNull();
    }

    [Fact]
    public async Task What_was_answered_can_be_sent_back()
    {
        var shop = shared.OpenShop();
        var draft = await shop.DraftAsync(Authoring.Document());
        var answer = await shop.ReplaceAsync("checkout-banner", draft, "\"1\"");
        answer.Status.ShouldBe(200, answer.Text);
        answer.Json["audiences"]!.ToJsonString().ShouldBe(draft["audiences"]!.ToJsonString());
    }

    [Fact]
    public async Task Audiences_and_variations_keep_their_ids_through_renaming_moving_and_removing()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(
            Authoring.Audience("A", ("Red", 50), ("Blue", 50)), Authoring.Audience("B", ("Red", 100)));
        await shop.DraftAsync(document);
        document["audiences"] = new JsonArray(
            Authoring.Audience("C", ("Red", 100)), Authoring.Audience("B", ("Blue", 40), ("Red", 60)), Authoring.Audience("A", ("Blue", 100)));
        var changed = (await shop.ReplaceAsync("checkout-banner", document)).Json;
        Ids(changed).ShouldBe("3:0 2:1,0 1:1");
        changed["audiences"]![1]!["name"] = "Renamed";
        changed["audiences"]!.AsArray().RemoveAt(2);
        changed["audiences"]!.AsArray().Add((JsonNode)Authoring.Audience("A again", ("Red", 100)));
        Ids((await shop.ReplaceAsync("checkout-banner", changed)).Json).ShouldBe("3:0 2:1,0 4:0");
    }

    [Fact]
    public async Task A_draft_changes_what_is_delivered_only_when_it_is_published()
    {
        var shop = shared.OpenShop();
        var published = await shop.PublishedAsync(Authoring.Document());
        ((string)published["status"]!).ShouldBe("Active");
        ((int)published["live_version"]!).ShouldBe(1);
        ((bool)published["has_unpublished_changes"]!).ShouldBeFalse();
        var changed = await shop.ChangedAsync("checkout-banner", new JsonObject { ["name"] = "Another name" });
        ((int)changed["live_version"]!).ShouldBe(1);
        ((bool)changed["has_unpublished_changes"]!).ShouldBeTrue();
        ((int)(await shop.StepAsync("checkout-banner", "publish"))["live_version"]!).ShouldBe(2);
        ((int)(await shop.StepAsync("checkout-banner", "publish"))["live_version"]!).ShouldBe(2, "nothing changed");
    }

    [Fact]
    public async Task A_change_back_to_what_is_live_is_no_change()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["name"] = "Another name" });
        var back = await shop.ChangedAsync("checkout-banner", new JsonObject { ["name"] = "Checkout banner" });
        ((bool)back["has_unpublished_changes"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Versions_say_who_when_and_what_and_can_be_gone_back_to()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["name"] = "Another name" });
        var step = await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/publish", onBehalfOf: "ana@shop.example");
        step.Status.ShouldBe(200);
        var versions = (await shop.ReadAsync("/api/v1/experiences/checkout-banner/versions"))["versions"]!.AsArray();
        versions.Select(static one => (int)one!["number"]!).ShouldBe([2, 1]);
        versions.Select(static one => (bool)one!["live"]!).ShouldBe([true, false]);
        ((string)versions[0]!["published"]!["by"]!).ShouldMatch(@"^ana@shop\.example \(key [0-9a-f]{8}\)$");
        versions[0]!["changes"]!.ToJsonString().ShouldBe("""[{"path":"/name","before":"Checkout banner","after":"Another name"}]""");
        var reverted = await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/revert", new JsonObject { ["version"] = 1 });
        ((string)reverted.Json["name"]!).ShouldBe("Checkout banner");
        ((string)(await shop.ReadAsync("/api/v1/experiences/checkout-banner/versions/2"))["document"]!["name"]!).ShouldBe("Another name");
        var differences = await shop.ReadAsync("/api/v1/experiences/checkout-banner/differences");
        differences["changes"]!.ToJsonString().ShouldBe("""[{"path":"/name","before":"Another name","after":"Checkout banner"}]""");
        (await shop.ReadAsync("/api/v1/experiences/checkout-banner/differences?from=live&to=draft")).ToJsonString().ShouldBe(differences.ToJsonString());
        (await shop.GetAsync("/api/v1/experiences/checkout-banner/versions/3")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["priority"] = "High" });
        foreach (var step in new[] { "pause", "resume", "archive" })
        {
            await shop.StepAsync("checkout-banner", step);
        }

        (await shop.SendAsync(HttpMethod.Put, "/api/v1/control-group", new JsonObject { ["percent"] = 5 })).Status.ShouldBe(200);
        var log = (await shop.ReadAsync("/api/v1/audit"))["entries"]!.AsArray();
        log.Select(static one => (string)one!["action"]!).ShouldBe(["set", "archive", "resume", "pause", "change", "publish", "create"]);
        ((string)log[4]!["detail"]!["changes"]![0]!["path"]!).ShouldBe("/priority");
        var page = await shop.ReadAsync("/api/v1/audit?subject=checkout-banner&limit=2");
        page["entries"]!.AsArray().Select(static one => (string)one!["action"]!).ShouldBe(["archive", "resume"]);
        page = await shop.ReadAsync($"/api/v1/audit?subject=checkout-banner&limit=4&before={page["next"]}");
        page["entries"]!.AsArray().Select(static one => (string)one!["action"]!).ShouldBe(["pause", "change", "publish", "create"]);
        page["next"].ShouldBeNull();
    }

    [Fact]
    public async Task A_copy_is_a_draft_of_its_own()
    {
        var shop = shared.OpenShop();
        var original = await shop.PublishedAsync(Authoring.Document());
        var copy = await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/duplicate", new JsonObject { ["key"] = "second-banner" });
        copy.Status.ShouldBe(201, copy.Text);
        ((string)copy.Json["status"]!).ShouldBe("Draft");
        ((string)copy.Json["name"]!).ShouldBe("Copy of checkout-banner");
        ((string)copy.Json["id"]!).ShouldNotBe((string)original["id"]!);
    }

    [Fact]
    public async Task The_key_is_fixed_once_published_and_free_again_when_a_draft_gives_it_up()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["key"] = "other-banner" });
        (await shop.GetAsync("/api/v1/experiences/checkout-banner")).Status.ShouldBe(404);
        await shop.PublishedAsync(Authoring.Document());
        var answer = await shop.SendAsync(HttpMethod.Patch, "/api/v1/experiences/checkout-banner", new JsonObject { ["key"] = "third-banner" }, "*");
        answer.Status.ShouldBe(409);
        (await shop.CreateAsync(Authoring.Document("other-banner"))).Status.ShouldBe(409);
    }

    [Fact]
    public async Task The_test_environment_has_experiences_of_its_own()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await shop.Debug.GetAsync("/api/v1/experiences/checkout-banner")).Status.ShouldBe(404);
        await shop.Debug.DraftAsync(Authoring.Document());
    }

    private static string Ids(JsonObject experience) => string.Join(' ', experience["audiences"]!.AsArray().Select(static audience =>
        $"{audience!["id"]}:{string.Join(',', audience["variations"]!.AsArray().Select(static one => (string)one!["id"]!))}"));
}
