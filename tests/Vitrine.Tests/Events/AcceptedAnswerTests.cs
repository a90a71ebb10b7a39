using System.Text.RegularExpressions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed partial class AcceptedAnswerTests(SharedServer shared)
{
    [Fact]
    public async Task The_default_answer_is_the_contracts_byte_for_byte()
    {
        var answer = await shared.OpenShop().PostAsync(Bodies.One());

        answer.Status.ShouldBe(200);
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        answer.Text.ShouldBe(
            $$"""{"status":"success","message":"Your request has been accepted and will be processed soon.","req_id":"{{answer.RequestId}}"}""");
        answer.Header("Preference-Applied").ShouldBeNull();
    }

    [Fact]
    public async Task A_request_id_is_eight_letters_or_digits_and_never_the_same()
    {
        var shop = shared.OpenShop();
        var ids = new HashSet<string>();
        for (var count = 0; count < 20; count++)
        {
            var id = (await shop.PostAsync(Bodies.One())).RequestId!;
            RequestId().IsMatch(id).ShouldBeTrue(id);
            ids.Add(id).ShouldBeTrue(id);
        }
    }

    [Fact]
    public async Task An_accepted_event_is_in_the_export_as_it_was_sent()
    {
        var shop = shared.OpenShop();
        var uuid = Guid.NewGuid().ToString();
        var answer = await shop.PostAsync(Bodies.One(
            element => element["user_timezone_offset"] = -3600,
            action => action["moe_event_uuid"] = uuid,
            attributes =>
            {
                attributes["type"] = "Web Personalization";
                attributes["b_id"] = "buy";
                attributes["color"] = "red";
            }));

        var stored = await shop.EventAsync();
        stored["attributes"]!.ToJsonString().ShouldBe("""{"color":"red"}""");
        stored.Remove("attributes");
        stored.ToJsonString().ShouldBe(
            $$"""
            {"customer_id":"customer-1","action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","moe_event_uuid":"{{uuid}}","event_time":{{Clock.Now - 60}},"platform":"web","cid":"{{Bodies.Cid}}","experience":"Hero banner","moe_locale_id":"0","moe_variation_id":"2","audience_name":"Everyone","audience_id":"5A","type":"Web Personalization","b_id":"buy","user_timezone_offset":-3600,"received_at":"2026-11-24T12:00:00.000Z","req_id":"{{answer.RequestId}}"}
            """);
    }

    [GeneratedRegex("^[0-9A-Za-z]{8}$")]
    private static partial Regex RequestId();
}
