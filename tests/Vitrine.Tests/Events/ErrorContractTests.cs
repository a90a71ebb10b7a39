using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed partial class ErrorContractTests(SharedServer shared)
{
    [Fact]
    public async Task A_validation_failure_has_a_code_of_eight_letters_that_changes()
    {
        var shop = shared.OpenShop();
        var body = Bodies.One(action: static action => action.Remove("action"));
        var codes = new HashSet<string>();
        for (var count = 0; count < 5; count++)
        {
            var answer = (await shop.PostAsync(body)).ShouldBeError(
                400, "Invalid Field Value", "elements - Validators Failed : Validator: Element, Errored Field: actions");
            var code = (string)answer.Json["code"]!;
            EightLetters().IsMatch(code).ShouldBeTrue(code);
            codes.Add(code).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("customer_id")]
    [InlineData("user_attributes")]
    [InlineData("user_timezone_offset")]
    [InlineData("actions")]
    public async Task The_description_names_the_first_bad_field_of_the_element(string field)
    {
        var answer = await shared.OpenShop().PostAsync(Bodies.One(element => element[field] = "null"));

        answer.Description.ShouldBe($"elements - Validators Failed : Validator: Element, Errored Field: {field}");
        answer.Errors[0].Path.ShouldBe($"/elements/0/{field}");
    }

    [Fact]
    public async Task An_error_is_found_by_its_path()
    {
        var body = Bodies.Of(
            Bodies.Element(Bodies.Action()),
            Bodies.Element(Bodies.Action(), Bodies.Action(static action => action["event_time"] = "yesterday")));

        (await shared.OpenShop().PostAsync(body)).ShouldRefuse("/elements/1/actions/1/event_time", "Unix time");
    }

    [Fact]
    public async Task All_errors_are_told_in_the_order_of_the_body()
    {
        var bad = Bodies.Element(Bodies.Action(static action => action["action"] = "x"), Bodies.Action(static action => action.Remove("moe_event_uuid")));
        bad["customer_id"] = "";
        var answer = await shared.OpenShop().PostAsync(Bodies.Of(Bodies.Element(Bodies.Action(static action => action["event_time"] = 1)), bad));

        answer.Errors.Select(static error => error.Path).ShouldBe(
        [
            "/elements/0/actions/0/event_time", "/elements/1/customer_id", "/elements/1/actions/0/action", "/elements/1/actions/1/moe_event_uuid",
        ]);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(100)]
    public async Task At_most_twenty_errors_are_told(int bad)
    {
        var actions = Enumerable.Range(0, bad).Select(static _ => Bodies.Action(static action => action.Remove("action"))).ToArray();
        (await shared.OpenShop().PostAsync(Bodies.Of(Bodies.Element(actions)))).Errors.Count.ShouldBe(20);
    }

    [Fact]
    public async Task The_id_of_a_refused_request_leads_to_its_receipt()
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One(static element => element["customer_id"] = "guest"));
        var receipt = await shop.ReadAsync("/api/v1/requests/" + answer.Header("x-request-id"));

        ((string)receipt["outcome"]!).ShouldBe("refused");
        ((string)receipt["reason"]!).ShouldBe("invalid_customer_id");
    }

    [Fact]
    public async Task An_unknown_path_and_a_wrong_method_are_errors_of_the_same_shape()
    {
        var shop = shared.OpenShop();
        (await shop.SendAsync(HttpMethod.Post, "/v1/experiences/nothing", static _ => { })).ShouldBeError(404, "Not Found");
        (await shop.SendAsync(HttpMethod.Put, Shop.EventsPath, static _ => { })).ShouldBeError(405, "Method Not Allowed");
        (await shop.GetAsync(Shop.EventsPath)).Header("Allow").ShouldBe("OPTIONS, POST");
    }

    [Fact]
    public async Task A_full_queue_is_503_with_a_time_to_come_back_and_stores_nothing()
    {
        await using var server = await TestServer.StartAsync(
            options: static options => options with { Journal = options.Journal with { QueueBytes = 0 } });
        var shop = server.OpenShop();
        var answer = (await shop.PostAsync(Bodies.One())).ShouldBeError(503, "Service Unavailable");

        int.Parse(answer.Header("Retry-After")!, null).ShouldBeGreaterThan(0);
        answer.Description!.ShouldContain("Nothing of this request was stored");
        answer.Json.ContainsKey("code").ShouldBeFalse();
        server.Journal.Head.ShouldBe(0);
        (await shop.PostAsync("{")).ShouldBeError(400, "Malformed JSON");
        (await shop.EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_is_503_and_not_ready_while_reports_go_on()
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync(
            options: static options => options with { Journal = options.Journal with { ReservedBytes = long.MaxValue / 2 } });
        var shop = server.OpenShop();

        (await shop.PostAsync(Bodies.One())).ShouldBeError(503, "Service Unavailable");
        (await shop.GetAsync("/healthz/ready")).Status.ShouldBe(503);
        (await shop.GetAsync("/healthz/live")).Status.ShouldBe(200);
        (await shop.EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Descriptions_keep_letters_beyond_ascii_readable()
    {
        var body = Bodies.One(static element => element["user_attributes"] = new JsonObject { ["größe~/"] = new JsonObject() });
        (await shared.OpenShop().PostAsync(body)).Errors[0].Path.ShouldBe("/elements/0/user_attributes/größe~0~1");
    }

    [GeneratedRegex("^[A-Za-z]{8}$")]
    private static partial Regex EightLetters();
}
