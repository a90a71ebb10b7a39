using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class PreferTests(SharedServer shared)
{
    [Fact]
    public async Task Lenient_handling_stores_the_good_and_names_the_bad()
    {
        var shop = shared.OpenShop();
        var answer = (await shop.PostAsync(HalfBad(), "handling=lenient")).ShouldBeAccepted();

        answer.Header("Preference-Applied").ShouldBe("handling=lenient");
        answer.Json.Select(static property => property.Key).ShouldBe(["status", "message", "req_id", "errors"]);
        answer.Errors.Select(static error => error.Path).ShouldBe(["/elements/0/actions/1/action", "/elements/1/customer_id"]);
        (await shop.EventsAsync()).Count.ShouldBe(2);
        var books = await shop.LedgerAsync();
        books["events"]!.ToJsonString().ShouldBe(
            """{"received":5,"stored":2,"duplicate":0,"rejected":3,"erased":0,"rejected_by_reason":{"invalid_action":1,"invalid_customer_id":2},"balanced":true}""");
        ((long)books["requests"]!["accepted"]!).ShouldBe(1);
    }

    [Fact]
    public async Task Lenient_handling_of_a_good_request_has_no_errors()
    {
        var answer = (await shared.OpenShop().PostAsync(Bodies.One(), "handling=lenient")).ShouldBeAccepted();
        answer.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Lenient_handling_of_a_wholly_bad_request_stores_nothing()
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "na"), "handling=lenient");
        answer.ShouldBeAccepted().Errors.Count.ShouldBe(1);
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Theory]
    [InlineData("{}", 400, "Invalid Field Value")]
    [InlineData("{\"elements\":[]}", 400, "Invalid Field Value")]
    [InlineData("{", 400, "Malformed JSON")]
    [InlineData("", 400, "Empty request body")]
    public async Task Lenient_handling_does_not_pass_over_what_is_wrong_with_the_request_itself(string body, int status, string title) =>
        (await shared.OpenShop().PostAsync(body, "handling=lenient")).ShouldBeError(status, title);

    [Fact]
    public async Task A_representation_says_what_became_of_each_event()
    {
        var shop = shared.OpenShop();
        var (first, second) = (Bodies.Action(), Bodies.Action());
        await shop.PostAsync(Bodies.Of(Bodies.Element(first.DeepClone().AsObject())));
        var answer = (await shop.PostAsync(
            Bodies.Of(Bodies.Element(second), Bodies.Element(first, second.DeepClone().AsObject())), "return=representation")).ShouldBeAccepted();

        answer.Header("Preference-Applied").ShouldBe("return=representation");
        answer.Json.ContainsKey("errors").ShouldBeFalse();
        Outcomes(answer).ShouldBe([(Uuid(second), "stored"), (Uuid(first), "duplicate"), (Uuid(second), "duplicate")]);
    }

    [Theory]
    [InlineData("handling=lenient, return=representation")]
    [InlineData("return=representation,handling=lenient")]
    [InlineData("Return=\"representation\"; wait=1, respond-async, HANDLING = Lenient")]
    public async Task Both_preferences_go_together(string prefer)
    {
        var shop = shared.OpenShop();
        var body = HalfBad();
        var answer = (await shop.PostAsync(body, prefer)).ShouldBeAccepted();

        answer.Header("Preference-Applied")!.ShouldContain("handling=lenient");
        answer.Header("Preference-Applied")!.ShouldContain("return=representation");
        answer.Errors.Count.ShouldBe(2);
        Outcomes(answer).ShouldBe(
        [
            (Uuid(body["elements"]![0]!["actions"]![0]!), "stored"),
            (Uuid(body["elements"]![0]!["actions"]![2]!), "stored"),
        ]);
    }

    [Theory]
    [InlineData("handling=strict")]
    [InlineData("return=minimal")]
    [InlineData("respond-async")]
    [InlineData("lenient")]
    [InlineData("")]
    [InlineData("handling=strict, handling=lenient")]
    [InlineData("note=\"a, handling=lenient\"")]
    [InlineData("note=\"a\\\", handling=lenient, \"")]
    [InlineData("handling=lenient\"")]
    [InlineData("handling=\"\"lenient\"\"")]
    public async Task Other_preferences_change_nothing(string prefer)
    {
        var shop = shared.OpenShop();
        var answer = (await shop.PostAsync(Bodies.One(), prefer)).ShouldBeAccepted();
        answer.Json.Count.ShouldBe(3);
        answer.Header("Preference-Applied").ShouldBeNull();
        (await shop.PostAsync(HalfBad(), prefer)).Status.ShouldBe(400);
        (await shop.EventsAsync()).Count.ShouldBe(1);
    }

    private static JsonObject HalfBad()
    {
        var bad = Bodies.Element(Bodies.Action(), Bodies.Action());
        bad["customer_id"] = "guest";
        return Bodies.Of(Bodies.Element(Bodies.Action(), Bodies.Action(static action => action["action"] = "x"), Bodies.Action()), bad);
    }

    private static string Uuid(JsonNode action) => (string)action["moe_event_uuid"]!;

    private static IEnumerable<(string Uuid, string Outcome)> Outcomes(Answer answer) =>
        answer.Json["events"]!.AsArray().Select(static one => ((string)one!["moe_event_uuid"]!, (string)one["outcome"]!));
}
