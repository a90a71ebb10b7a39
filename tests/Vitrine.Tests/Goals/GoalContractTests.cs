using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Goals;

public sealed class GoalContractTests(SharedServer shared)
{
    private const int Limit = 128 * 1024;
    private const string Uuid = "aa886712-4537-47c1-b126-2686efda2e26";

    [Fact]
    public async Task Accepted_events_are_answered_as_the_contract_says_and_kept_as_they_were_sent()
    {
        var shop = shared.OpenShop();
        var answer = (await PostAsync(shop, $$"""
            {"type":"event","customer_id":"ann","device_id":"d","actions":[
              {"action":"Ordered","attributes":{"amount":12.50,"items":["a",{"b":1}],"note":"x",
                "n":null},"platform":"iOS","app_version":"1.2.3","current_time":"2026-11-24T09:30:00+05:30","user_timezone_offset":19800,"moe_event_uuid":"{{Uuid}}"},
              {"action":"Größe gewählt","app_version":7}]}
            """)).ShouldBeAccepted();
        answer.Json.Select(static one => one.Key).ShouldBe(["status", "message", "request_id"]);
        ((string?)answer.Json["status"]).ShouldBe("success");
        ((string?)answer.Json["message"]).ShouldBe("Your request has been accepted and will be processed soon.");
        var events = await shop.GoalEventsAsync();
        events.Count.ShouldBe(2);
        (events[0]["customer_id"]!, events[0]["action"]!, events[0]["moe_event_uuid"]!).ToString().ShouldBe($"(ann, Ordered, {Uuid})");
        ((long)events[0]["current_time"]!).ShouldBe(DateTimeOffset.Parse("2026-11-24T04:00:00Z", null).ToUnixTimeSeconds());
        ((string)events[0]["platform"]!).ShouldBe("ios");
        ((string)events[0]["app_version"]!).ShouldBe("1.2.3");
        ((int)events[0]["user_timezone_offset"]!).ShouldBe(19800);
        events[0]["attributes"]!.ToJsonString().ShouldBe("""{"amount":12.50,"items":["a",{"b":1}],"note":"x","n":null}""");
        ((string)events[0]["req_id"]!).ShouldBe((string)answer.Json["request_id"]!);
        ((string)events[1]["action"]!).ShouldBe("Größe gewählt");
        ((string)events[1]["app_version"]!).ShouldBe("7");
        ((string)events[1]["platform"]!).ShouldBe("Unknown");
        ((long)events[1]["current_time"]!).ShouldBe(shop.Server.Time.GetUtcNow().ToUnixTimeSeconds());
        (events[1].ContainsKey("moe_event_uuid"), events[1].ContainsKey("attributes")).ShouldBe((false, false));
    }

    [Theory]
    [InlineData("\"current_time\":1790000000", 1790000000)]
    [InlineData("\"current_time\":\"1790000000\"", 1790000000)]
    [InlineData("\"current_time\":\"2026-11-03T09:00:00Z\"", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03T09:00:00.999Z\"", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03T09:00:00\",\"user_timezone_offset\":3600", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03 10:00+01:00\"", 1793696400)]
    [InlineData("\"current_time\":1793696400.25", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03T09:00:00.123456789Z\"", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03t09:00:00z\"", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03T10:00:00+01\"", 1793696400)]
    [InlineData("\"current_time\":\"2026-11-03T10:00:00.5+0100\"", 1793696400)]
    [InlineData("\"current_time\":null,\"user_time\":\"2026-11-03T09:00:00\",\"user_timezone_offset\":3600", 1793692800)]
    [InlineData("\"user_time\":\"2026-11-03T09:00:00\"", 1793696400)]
    [InlineData("\"user_time\":\"2026-11-03T09:00:00Z\",\"user_timezone_offset\":3600", 1793696400)]
    [InlineData("\"user_time\":1793696400,\"user_timezone_offset\":3600", 1793696400)]
    [InlineData("\"user_time\":\"nonsense\",\"current_time\":1793696400", 1793696400)]
    [InlineData("\"current_time\":1,\"current_time\":1793696400", 1793696400)]
    public async Task A_time_is_taken_as_it_is_meant(string fields, long seconds)
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, Body(fields))).ShouldBeAccepted();
        ((long)(await shop.GoalEventsAsync()).ShouldHaveSingleItem()["current_time"]!).ShouldBe(seconds);
    }

    [Theory]
    [InlineData("""{"customer_id":"ann","actions":[{"action":"a"}]}""", "type is required")]
    [InlineData("""{"type":"customer","customer_id":"ann","actions":[{"action":"a"}]}""", "type must be \"event\"")]
    [InlineData("""{"type":"event","actions":[{"action":"a"}]}""", "customer_id is required")]
    [InlineData("""{"type":"event","customer_id":"guest","actions":[{"action":"a"}]}""", "customer_id is a placeholder")]
    [InlineData("""{"type":"event","customer_id":["ann"],"actions":[{"action":"a"}]}""", "customer_id must be a string, not an array")]
    [InlineData("""{"type":"event","customer_id":"\ud800","actions":[{"action":"a"}]}""", "customer_id is not Unicode text")]
    [InlineData("""{"type":"event","customer_id":"ann"}""", "actions is required")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":{}}""", "actions must be an array")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[]}""", "actions has 0 items")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[1]}""", "actions/0 must be an object, not a number")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[{}]}""", "actions/0/action is required")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[{"action":""}]}""", "actions/0/action must have 1–200 characters")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[{"action":7}]}""", "actions/0/action must be a string")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[{"action":"\udfff"}]}""", "actions/0/action must be a string of Unicode text")]
    [InlineData("""{"type":"event","customer_id":"ann","actions":[{"action":"MOE_PERSONALIZATION_MESSAGE_SHOWN"}]}""", "POST /v1/experiences/events")]
    [InlineData("[]", "the body must be an object")]
    [InlineData("7", "the body must be an object")]
    public Task What_is_missing_or_wrong_is_named(string body, string message) => RefusesAsync(body, message);

    [Theory]
    [InlineData("\"attributes\":[1]", "actions/0/attributes must be an object, not an array")]
    [InlineData("\"attributes\":{\"a\":\"\\ud800\"}", "half of a surrogate pair")]
    [InlineData("\"app_version\":{}", "actions/0/app_version must be a string")]
    [InlineData("\"user_timezone_offset\":54001", "actions/0/user_timezone_offset must be whole seconds")]
    [InlineData("\"user_timezone_offset\":\"3600\"", "actions/0/user_timezone_offset must be whole seconds")]
    [InlineData("\"user_timezone_offset\":0.5", "actions/0/user_timezone_offset must be whole seconds")]
    [InlineData("\"current_time\":1790000000000", "actions/0/current_time is in milliseconds")]
    [InlineData("\"current_time\":\"99999999999999999999999\"", "actions/0/current_time is in milliseconds")]
    [InlineData("\"current_time\":1262303999", "before 2010")]
    [InlineData("\"current_time\":\"2009-12-31T23:59:59Z\"", "before 2010")]
    [InlineData("\"current_time\":\"2026-11-25T12:00:01Z\"", "more than 24 hours ahead")]
    [InlineData("\"current_time\":\"9999-12-31T23:59:59Z\"", "more than 24 hours ahead")]
    [InlineData("\"current_time\":\"tomorrow\"", "ISO 8601")]
    [InlineData("\"current_time\":\"11/03/2026\"", "ISO 8601")]
    [InlineData("\"current_time\":1.5", "before 2010")]
    [InlineData("\"current_time\":\"1.5.2\"", "ISO 8601")]
    [InlineData("\"current_time\":\"2026-11-03T09:00:00.Z\"", "ISO 8601")]
    [InlineData("\"current_time\":1.5e9", "ISO 8601")]
    [InlineData("\"current_time\":\"2026-11-03T09:00.5Z\"", "ISO 8601")]
    [InlineData("\"current_time\":true", "ISO 8601")]
    [InlineData("\"user_time\":\"x\"", "actions/0/user_time must be")]
    [InlineData("\"moe_event_uuid\":\"x\"", "actions/0/moe_event_uuid must be a UUID")]
    [InlineData("\"moe_event_uuid\":\"00000000-0000-0000-0000-000000000000\"", "nil UUID")]
    [InlineData("\"event_id\":\"\"", "actions/0/event_id must be a string")]
    [InlineData("\"event_id\":{}", "actions/0/event_id must be a string")]
    public Task A_bad_field_of_an_event_is_named(string fields, string message) => RefusesAsync(Body(fields), message);

    [Fact]
    public async Task Names_attributes_and_lists_have_limits()
    {
        var shop = shared.OpenShop();
        (await shop.PostGoalsAsync("ann", Action(new string('é', 200)))).ShouldBeAccepted();
        (await shop.PostGoalsAsync("ann", Action(new string('é', 201)))).ShouldFail(400, "Invalid Field Value", "1–200 characters");
        (await shop.PostGoalsAsync("ann", Action("a", Attributes(100)))).ShouldBeAccepted();
        (await shop.PostGoalsAsync("ann", Action("a", Attributes(101)))).ShouldFail(400, "Invalid Field Value", "has 101 keys");
        (await shop.PostGoalsAsync("ann", Action("a", new JsonObject { [new string('x', 201)] = 1 }))).ShouldFail(400, "Invalid Field Value", "200 characters");
        (await shop.PostGoalsAsync("ann", [.. Enumerable.Range(0, 100).Select(static _ => Action("a"))])).ShouldBeAccepted();
        (await shop.PostGoalsAsync("ann", [.. Enumerable.Range(0, 101).Select(static _ => Action("a"))])).ShouldFail(400, "Invalid Field Value", "has 101 items");
        (await shop.GoalEventsAsync()).Count.ShouldBe(102);
        var events = (await shop.LedgerAsync())["events"]!;
        ((long)events["received"]!).ShouldBe(102 + 3 + 100); // Of a list that is too long the first hundred are read.
        ((long)events["rejected"]!).ShouldBe(103);
    }

    [Fact]
    public async Task An_answer_names_every_error_up_to_twenty()
    {
        var answer = (await shared.OpenShop().PostGoalsAsync("ann", [.. Enumerable.Range(0, 30).Select(static _ => Action(""))]))
            .ShouldFail(400, "Invalid Field Value", "actions/19/action");
        ((string)answer.Json["error"]!["message"]!).ShouldNotContain("actions/20");
    }

    [Fact]
    public async Task A_body_has_at_most_128_kilobytes_after_decompression_in_any_coding()
    {
        var shop = shared.OpenShop();
        var body = Body("\"platform\":\"web\"");
        (await PostAsync(shop, body.PadRight(Limit))).ShouldBeAccepted();
        (await PostAsync(shop, body.PadRight(Limit + 1))).ShouldFail(413, "Payload too large", "131,072");
        (await shop.PostGoalsAsync(Compression.Of("gzip", Encoding.UTF8.GetBytes(body)), contentEncoding: "gzip")).ShouldBeAccepted();
        (await shop.PostGoalsAsync(Compression.Of("zstd", Encoding.UTF8.GetBytes(body.PadRight(Limit + 1))), contentEncoding: "zstd")).ShouldFail(413, "Payload too large", "131,072");
        (await shop.PostGoalsAsync(Encoding.UTF8.GetBytes(body), contentEncoding: "br")).ShouldFail(400, "Malformed JSON", "");
        (await shop.PostGoalsAsync(Encoding.UTF8.GetBytes(body), "text/plain")).ShouldFail(415, "Unsupported Media Type", "application/json");
        (await shop.GoalEventsAsync()).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{"type":"event"}}""")]
    [InlineData("""{"type":"event",}""")]
    public async Task What_is_no_json_is_malformed(string body) => (await PostAsync(shared.OpenShop(), body)).ShouldFail(400, "Malformed JSON", "UTF-8");

    [Fact]
    public async Task Nothing_is_an_empty_body() => (await PostAsync(shared.OpenShop(), " ")).ShouldFail(400, "Empty request body", "JSON");

    [Theory]
    [InlineData("""{"\ud800":1,"type":"event","customer_id":"ann","actions":[{"action":"a","\udc00":2}]}""")]
    [InlineData("""{"type":"customer","customer_id":"x","actions":7,"customer_id":"ann","type":"event","actions":[{"action":"","action":"a"}]}""")]
    [InlineData("""{"customer\u005fid":"\u0061nn","type":"\u0065vent","actions":[{"\u0061ction":"\u0061"}]}""")]
    [InlineData("\uFEFF{\"type\":\"event\",\"customer_id\":\"ann\",\"actions\":[{\"action\":\"a\"}]}\r\n")]
    public async Task A_strange_body_is_taken_as_it_is_meant(string body)
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, body)).ShouldBeAccepted();
        var one = (await shop.GoalEventsAsync()).ShouldHaveSingleItem();
        ((string)one["customer_id"]!, (string)one["action"]!).ShouldBe(("ann", "a"));
    }

    [Fact]
    public async Task The_tenant_the_credentials_and_the_path_must_agree()
    {
        var (shop, other) = (shared.OpenShop(), shared.OpenShop());
        var body = Encoding.UTF8.GetBytes(Body("\"platform\":\"web\""));
        (await shop.PostGoalsAsync(body, change: static request => Shop.AddHeader(request.Headers, "MOE-APPKEY", null))).ShouldFail(400, "Request Error", "MOE-APPKEY");
        (await shop.PostGoalsAsync(body, change: static request => Shop.AddHeader(request.Headers, "Authorization", null)))
            .ShouldFail(401, "Authentication required", "API_KEY").Header("WWW-Authenticate")!.ShouldStartWith("Basic");
        (await shop.PostGoalsAsync(body, path: "/v1/event/" + other.Id)).ShouldFail(401, "Authentication required", "another workspace");
        (await shop.PostGoalsAsync(body, path: "/v1/event")).ShouldFail(404, "Not Found", "");
        (await shop.GoalEventsAsync()).ShouldBeEmpty();
        (await shop.Debug.PostGoalsAsync(body, path: $"/v1/event/{shop.Debug.Id}")).ShouldBeAccepted();
        (await shop.GoalEventsAsync()).ShouldBeEmpty();
        (await shop.Debug.GoalEventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lenient_request_keeps_what_is_good_and_says_what_is_not()
    {
        var shop = shared.OpenShop();
        var body = Encoding.UTF8.GetBytes($$"""{"type":"event","customer_id":"ann","actions":[{"action":"a","moe_event_uuid":"{{Uuid}}"},{"action":""},{"action":"b"}]}""");
        var answer = (await shop.PostGoalsAsync(body, prefer: "handling=lenient, return=representation")).ShouldBeAccepted();
        answer.Header("Preference-Applied").ShouldBe("handling=lenient, return=representation");
        answer.Errors.ShouldBe([("/actions/1/action", "must have 1–200 characters")]);
        answer.Json["events"]!.ToJsonString().ShouldBe($$"""[{"path":"/actions/0","outcome":"stored","moe_event_uuid":"{{Uuid}}"},{"path":"/actions/2","outcome":"stored"}]""");
        answer = (await shop.PostGoalsAsync(body, prefer: "return=representation, handling=lenient")).ShouldBeAccepted();
        ((string)answer.Json["events"]![0]!["outcome"]!).ShouldBe("duplicate");
        (await shop.PostGoalsAsync(Encoding.UTF8.GetBytes("""{"type":"event","customer_id":"null","actions":[{"action":"a"}]}"""), prefer: "handling=lenient"))
            .ShouldFail(400, "Invalid Field Value", "customer_id");
        (await shop.GoalEventsAsync()).Count.ShouldBe(3);
        ((long)(await shop.LedgerAsync())["events"]!["rejected"]!).ShouldBe(3);
    }

    private static JsonObject Action(string name, JsonObject? attributes = null) => new() { ["action"] = name, ["attributes"] = attributes ?? [] };

    private static JsonObject Attributes(int count) => new(Enumerable.Range(0, count).Select(static number => KeyValuePair.Create($"a{number}", (JsonNode?)number)));

    private static string Body(string fields) => $$"""{"type":"event","customer_id":"ann","actions":[{"action":"Ordered",{{fields}}}]}""";

    private static Task<Answer> PostAsync(Shop shop, string body) => shop.PostGoalsAsync(Encoding.UTF8.GetBytes(body));

    /// <summary>Nothing is stored, and the books and the receipt say why.</summary>
    private async Task RefusesAsync(string body, string message)
    {
        var shop = shared.OpenShop();
        var answer = (await PostAsync(shop, body)).ShouldFail(400, "Invalid Field Value", message);
        (await shop.GoalEventsAsync()).ShouldBeEmpty();
        await shop.LedgerAsync();
        var receipt = await shop.ReadAsync("/api/v1/requests/" + answer.Header("x-request-id"));
        ((string)receipt["outcome"]!).ShouldBe("refused");
    }
}
