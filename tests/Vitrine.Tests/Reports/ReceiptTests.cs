using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class ReceiptTests(SharedServer shared)
{
    [Fact]
    public async Task A_stored_event_has_its_receipt_and_its_content()
    {
        var shop = shared.OpenShop();
        var action = Bodies.Action(attributes: static one => (one["b_id"], one["color"]) = ("buy", new JsonObject { ["a"] = 1 }));
        var answer = await shop.PostAsync(Bodies.Of(Bodies.Element(action)));
        var receipts = await EventAsync(shop, action);

        ((string)receipts["outcome"]!).ShouldBe("stored");
        receipts["receipts"]!.ToJsonString().ShouldBe(
            $$"""[{"req_id":"{{answer.RequestId}}","received_at":"2026-11-24T12:00:00.000Z","path":"/elements/0/actions/0","outcome":"stored"}]""");
        receipts["event"]!.ToJsonString().ShouldBe((await shop.EventAsync()).ToJsonString());
    }

    [Fact]
    public async Task A_duplicate_names_the_request_whose_event_counts()
    {
        var shop = shared.OpenShop();
        var action = Bodies.Action();
        var first = await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(action))));
        var second = await shop.PostAsync(Bodies.Of(Bodies.Element(Bodies.Action(), Copy(action))));
        var receipts = (await EventAsync(shop, action))["receipts"]!.AsArray();

        receipts.Select(static one => (string)one!["outcome"]!).ShouldBe(["stored", "duplicate"]);
        ((string)receipts[1]!["req_id"]!).ShouldBe(second.RequestId);
        ((string)receipts[1]!["path"]!).ShouldBe("/elements/0/actions/1");
        ((string)receipts[1]!["duplicate_of"]!).ShouldBe(first.RequestId);
        var request = await RequestAsync(shop, second.RequestId!);
        Outcomes(request).ShouldBe(["stored", "duplicate"]);
        ((string)request["events"]![1]!["duplicate_of"]!).ShouldBe(first.RequestId);
    }

    [Fact]
    public async Task A_stored_event_is_stored_however_often_it_was_refused_before()
    {
        var shop = shared.OpenShop();
        var (good, bad) = (Bodies.Action(), Bodies.Action());
        (bad["moe_event_uuid"], bad["event_time"]) = ((string)good["moe_event_uuid"]!, 5);
        for (var refusal = 0; refusal < 11; refusal++)
        {
            await shop.PostAsync(Bodies.Of([.. Enumerable.Range(0, 100).Select(_ => Bodies.Element(Copy(bad)))]));
        }

        var answer = await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(good))));
        var receipts = await EventAsync(shop, good);

        ((string)receipts["outcome"]!).ShouldBe("stored");
        ((string)receipts["receipts"]!.AsArray()[^1]!["req_id"]!).ShouldBe(answer.RequestId);
    }

    [Fact]
    public async Task A_duplicate_that_says_something_else_names_the_fields_and_the_first_one_counts()
    {
        var shop = shared.OpenShop();
        var action = Bodies.Action();
        var other = Copy(action);
        (other["platform"], other["attributes"]!["moe_variation_id"], other["attributes"]!["color"]) = ("ios", "9", "red");
        await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(action))));
        await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(action))));
        await shop.PostAsync(Bodies.Of(Bodies.Element(other)));
        var receipts = await EventAsync(shop, action);

        var told = receipts["receipts"]!.AsArray();
        told[0]!["conflict"].ShouldBeNull();
        told[1]!["conflict"].ShouldBeNull();
        told[2]!["conflict"]!.AsArray().Select(static one => (string)one!).ShouldBe(["platform", "moe_variation_id", "attributes"]);
        ((string)receipts["event"]!["platform"]!).ShouldBe((string)action["platform"]!);
    }

    [Fact]
    public async Task A_rejected_event_says_why_and_where()
    {
        var shop = shared.OpenShop();
        var (good, bad) = (Bodies.Action(), Bodies.Action(static one => one["event_time"] = 5));
        var answer = await shop.PostAsync(Bodies.Of(Bodies.Element(good), Bodies.Element(bad)));
        var id = answer.Header("x-request-id")!;
        var receipts = await EventAsync(shop, bad);

        ((string)receipts["outcome"]!).ShouldBe("rejected");
        receipts["event"].ShouldBeNull();
        var receipt = receipts["receipts"]![0]!;
        ((string)receipt["reason"]!).ShouldBe("invalid_event_time");
        ((string)receipt["error_path"]!).ShouldBe(answer.Errors[0].Path);
        ((string)receipt["explanation"]!).ShouldBe(answer.Errors[0].Reason);
        ((string)receipt["req_id"]!).ShouldBe(id);
        var innocent = (await EventAsync(shop, good))["receipts"]![0]!;
        ((string)innocent["reason"]!).ShouldBe("refused_with_request");
        var request = await RequestAsync(shop, id);
        ((string)request["outcome"]!).ShouldBe("refused");
        ((string)request["reason"]!).ShouldBe("invalid_event_time");
        Outcomes(request).ShouldBe(["rejected", "rejected"]);
    }

    [Fact]
    public async Task A_lenient_request_has_a_receipt_for_each_of_its_events()
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(
            Bodies.Of(Bodies.Element(Bodies.Action(), Bodies.Action(static one => one.Remove("moe_event_uuid")), Bodies.Action())), "handling=lenient");
        var request = await RequestAsync(shop, answer.RequestId!);

        ((string)request["outcome"]!).ShouldBe("accepted");
        Outcomes(request).ShouldBe(["stored", "rejected", "stored"]);
        request["events"]!.AsArray().Select(static one => (string)one!["path"]!)
            .ShouldBe(["/elements/0/actions/0", "/elements/0/actions/1", "/elements/0/actions/2"]);
        request["events"]![1]!.AsObject().ContainsKey("moe_event_uuid").ShouldBeFalse();
    }

    [Fact]
    public async Task An_event_that_is_sent_right_after_a_refusal_is_stored_in_the_end()
    {
        var shop = shared.OpenShop();
        var bad = Bodies.Action(static one => one["action"] = "x");
        await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(bad))));
        bad["action"] = Bodies.Clicked;
        await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(bad))));
        var receipts = await EventAsync(shop, bad);
        ((string)receipts["outcome"]!).ShouldBe("stored");
        Outcomes(receipts, "receipts").ShouldBe(["rejected", "stored"]);
    }

    [Theory]
    [InlineData("{", "malformed_json")]
    [InlineData("", "empty_body")]
    [InlineData("{\"elements\":5}", "invalid_elements")]
    public async Task A_request_that_could_not_be_read_has_a_receipt_too(string body, string reason)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(body);
        var request = await RequestAsync(shop, answer.Header("x-request-id")!);
        ((string)request["reason"]!).ShouldBe(reason);
        request["events"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_else_sees_a_receipt()
    {
        var shop = shared.OpenShop();
        var action = Bodies.Action();
        var answer = await shop.PostAsync(Bodies.Of(Bodies.Element(Copy(action))));
        foreach (var other in new[] { shop.Debug, shared.OpenShop() })
        {
            (await other.GetAsync("/api/v1/events/" + action["moe_event_uuid"])).Status.ShouldBe(404);
            (await other.GetAsync("/api/v1/requests/" + answer.RequestId)).Status.ShouldBe(404);
        }
    }

    [Fact]
    public async Task A_request_without_a_receipt_says_so()
    {
        var shop = shared.OpenShop();
        var answer = await shop.GetAsync("/api/v1/events/none");
        var id = answer.Header("x-request-id")!;
        id.Length.ShouldBe(16);
        (await shop.GetAsync("/api/v1/requests/" + id)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Odd_further_attributes_come_back_in_the_receipt()
    {
        var shop = shared.OpenShop();
        var uuid = Guid.NewGuid();
        var body = Bodies.One(action: one => one["moe_event_uuid"] = uuid, attributes: static one => one["x"] = "here").ToJsonString()
            .Replace("\"here\"", """{"a":1,"a":{"\u00fc\u0000":[1e400,-0.0]},"":"\ud83d\udc4d"}""", StringComparison.Ordinal);
        (await shop.PostAsync(body)).ShouldBeAccepted();
        var answer = await shop.GetAsync("/api/v1/events/" + uuid);
        answer.Status.ShouldBe(200, answer.Text);
        answer.Text.ShouldContain("1e400");
    }

    private static JsonObject Copy(JsonObject action) => action.DeepClone().AsObject();

    private static Task<JsonObject> EventAsync(Shop shop, JsonObject action) => shop.ReadAsync("/api/v1/events/" + action["moe_event_uuid"]);

    private static Task<JsonObject> RequestAsync(Shop shop, string id) => shop.ReadAsync("/api/v1/requests/" + id);

    private static IEnumerable<string> Outcomes(JsonObject answer, string list = "events") =>
        answer[list]!.AsArray().Select(static one => (string)one!["outcome"]!);
}
