using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class ActionContractTests(SharedServer shared)
{
    private const string Path = "/elements/0/actions/0";

    [Theory]
    [InlineData(Bodies.Shown)]
    [InlineData(Bodies.Clicked)]
    public async Task An_event_is_shown_or_clicked(string action)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one => one["action"] = action))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["action"]!).ShouldBe(action);
    }

    [Theory]
    [InlineData("\"moe_personalization_message_shown\"")]
    [InlineData("\"MOE_PERSONALIZATION_MESSAGE_SHOWN \"")]
    [InlineData("\"MOE_PERSONALIZATION_MESSAGE_CLOSED\"")]
    [InlineData("\"\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Anything_else_is_refused(string action) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["action"] = Bodies.Json(action))))
            .ShouldRefuse(Path + "/action", "MOE_PERSONALIZATION_MESSAGE_SHOWN or MOE_PERSONALIZATION_MESSAGE_CLICKED");

    [Theory]
    [InlineData("aa886712-4537-47c1-b126-2686efda2e26")]
    [InlineData("AA886712-4537-47C1-B126-2686EFDA2E27")]
    [InlineData("c232ab00-9414-11ec-b3c8-9f6bdeced846")]
    [InlineData("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")]
    [InlineData("ffffffff-ffff-ffff-ffff-ffffffffffff")]
    public async Task A_uuid_of_any_version_and_case_is_taken(string uuid)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one => one["moe_event_uuid"] = uuid))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["moe_event_uuid"]!).ShouldBe(uuid.ToLowerInvariant());
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"x\"")]
    [InlineData("\"aa886712-4537-47c1-b126-2686efda2e2\"")]
    [InlineData("\"aa886712-4537-47c1-b126-2686efda2e266\"")]
    [InlineData("\"ga886712-4537-47c1-b126-2686efda2e26\"")]
    [InlineData("\" aa886712-4537-47c1-b126-2686efda2e26\"")]
    [InlineData("\"{aa886712-4537-47c1-b126-2686efda2e26}\"")]
    [InlineData("\"aa8867124-537-47c1-b126-2686efda2e26\"")]
    [InlineData("12345678123456781234567812345678")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Anything_else_is_no_uuid(string uuid) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["moe_event_uuid"] = Bodies.Json(uuid))))
            .ShouldRefuse(Path + "/moe_event_uuid", "a UUID such as");

    [Fact]
    public async Task A_uuid_is_required() =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: static one => one.Remove("moe_event_uuid")))).ShouldRefuse(Path + "/moe_event_uuid", "required");

    [Theory]
    [InlineData("1262304000")]
    [InlineData("\"1262304000\"")]
    [InlineData("\"1795521600\"")]
    public async Task A_time_is_whole_seconds_as_a_number_or_digits(string time)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one => one["event_time"] = Bodies.Json(time)))).ShouldBeAccepted();
        ((long)(await shop.EventAsync())["event_time"]!).ShouldBe(long.Parse(time.Trim('"'), null));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    [InlineData(10_000_000, false)]
    public async Task A_time_is_at_most_a_day_ahead(long ahead, bool fits)
    {
        var answer = await shared.OpenShop().PostAsync(Bodies.One(action: one => one["event_time"] = Clock.Now + ahead));
        if (fits)
        {
            answer.ShouldBeAccepted();
        }
        else
        {
            answer.ShouldRefuse(Path + "/event_time", "24 hours ahead");
        }
    }

    [Theory]
    [InlineData("1262303999")]
    [InlineData("\"1262303999\"")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task A_time_before_2010_is_refused(string time) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["event_time"] = Bodies.Json(time)))).ShouldRefuse(Path + "/event_time", "2010");

    [Theory]
    [InlineData("100000000000")]
    [InlineData("1795521600000")]
    [InlineData("\"1795521600000\"")]
    [InlineData("9223372036854775808")]
    public async Task Milliseconds_are_refused_as_such(string time) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["event_time"] = Bodies.Json(time)))).ShouldRefuse(Path + "/event_time", "milliseconds");

    [Fact]
    public async Task The_last_value_that_is_not_milliseconds_is_just_far_ahead() =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: static one => one["event_time"] = 99_999_999_999)))
            .ShouldRefuse(Path + "/event_time", "24 hours ahead");

    [Theory]
    [InlineData("1795521600.5")]
    [InlineData("1.7955216e9")]
    [InlineData("\"1795521600.0\"")]
    [InlineData("\"+1795521600\"")]
    [InlineData("\" 1795521600\"")]
    [InlineData("\"2026-11-24T12:00:00Z\"")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("1e999")]
    [InlineData("-99999999999999999999999")]
    public async Task Anything_else_is_no_time(string time) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["event_time"] = Bodies.Json(time)))).ShouldRefuse(Path + "/event_time", "Unix time");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_time_it_is_the_time_of_receipt(bool isNull)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one =>
        {
            one.Remove("event_time");
            if (isNull)
            {
                one["event_time"] = null;
            }
        }))).ShouldBeAccepted();
        ((long)(await shop.EventAsync())["event_time"]!).ShouldBe(Clock.Now);
    }

    [Theory]
    [InlineData("\"web\"", "web")]
    [InlineData("\"WEB\"", "web")]
    [InlineData("\"Android\"", "android")]
    [InlineData("\"ANDROID\"", "android")]
    [InlineData("\"iOS\"", "ios")]
    [InlineData("\"IOS\"", "ios")]
    [InlineData("\"Tv\"", "tv")]
    [InlineData("\"windows\"", "Unknown")]
    [InlineData("\"\"", "Unknown")]
    [InlineData("\"web \"", "Unknown")]
    [InlineData("5", "Unknown")]
    [InlineData("null", "Unknown")]
    [InlineData("[\"web\"]", "Unknown")]
    [InlineData("{}", "Unknown")]
    public async Task A_platform_is_known_in_any_case_and_else_unknown(string platform, string stored)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one => one["platform"] = Bodies.Json(platform)))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["platform"]!).ShouldBe(stored);
    }

    [Fact]
    public async Task A_missing_platform_is_unknown()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: static one => one.Remove("platform")))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["platform"]!).ShouldBe("Unknown");
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_action_is_an_object(string action)
    {
        var body = Bodies.One();
        body["elements"]![0]!["actions"]!.AsArray().Add(Bodies.Json(action));
        (await shared.OpenShop().PostAsync(body)).ShouldRefuse("/elements/0/actions/1", "must be an object");
    }

    [Theory]
    [InlineData("null", "required")]
    [InlineData("{}", "must be an array")]
    [InlineData("5", "must be an array")]
    public async Task Actions_are_an_array(string actions, string reason) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["actions"] = Bodies.Json(actions)))).ShouldRefuse("/elements/0/actions", reason);

    [Fact]
    public async Task A_request_with_one_bad_event_is_refused_whole()
    {
        var shop = shared.OpenShop();
        var good = Bodies.Action();
        var body = Bodies.Of(Bodies.Element(good), Bodies.Element(Bodies.Action(), Bodies.Action(static one => one.Remove("action"))));
        (await shop.PostAsync(body)).Status.ShouldBe(400);

        await shop.ShouldHaveStoredNothingAsync();
        var events = (await shop.LedgerAsync())["events"]!;
        events["rejected_by_reason"]!.ToJsonString().ShouldBe("""{"invalid_action":1,"refused_with_request":2}""");
        (await shop.PostAsync(Bodies.Of(Bodies.Element(good.DeepClone().AsObject())))).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(1);
    }
}
