using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

/// <summary>Reports made-up customers of an experiment, and asks for its result.</summary>
internal static class Experimenting
{
    public const string Experience = "66d55ae445921e4d35ae4368";

    public static Task<JsonObject> ResultAsync(this Shop shop, string question = "", string experience = Experience) =>
        shop.ReadAsync($"/api/v1/reports/experiences/{experience}/experiment?{question}");

    /// <summary>Publishes an experience with a goal that brings money and one that does not; answers its id.</summary>
    public static async Task<string> PublishWithGoalsAsync(this Shop shop)
    {
        var document = Authoring.Document();
        document["goals"] = JsonNode.Parse("""[{"name":"Ordered","event":"order","revenue_attribute":"amount","currency":"EUR"},{"name":"Signed up","event":"signup"}]""");
        return (string)(await shop.PublishedAsync(document))["id"]!;
    }

    /// <summary>Shows a variation to customers, some of whom click.</summary>
    public static async Task ShowAsync(
        this Shop shop, string variation, int customers, int clicks, string prefix = "", string platform = "web", string experience = Experience, string audience = "1", long? time = null, string? sdk = null)
    {
        var elements = Enumerable.Range(0, customers).Select(number =>
        {
            var shown = Action(Bodies.Shown, variation, platform, experience, audience, time, sdk);
            var element = number < clicks
                ? Bodies.Element(shown, Action(Bodies.Clicked, variation, platform, experience, audience, time, sdk))
                : Bodies.Element(shown);
            element["customer_id"] = $"{prefix}-{variation}-{number}";
            return element;
        });
        foreach (var some in elements.Chunk(100))
        {
            (await shop.PostAsync(Bodies.Of(some))).ShouldBeAccepted();
        }
    }

    public static double Number(this JsonNode? node) => (double)node!;

    private static JsonObject Action(string action, string variation, string platform, string experience, string audience, long? time, string? sdk) => Bodies.Action(
        one => (one["action"], one["platform"], one["event_time"]) = (action, platform, time ?? Clock.Now - 3600),
        attributes =>
        {
            attributes["cid"] = $"{experience}_F_T_WP_AB_{variation}_P_0_AU_{audience}";
            (attributes["moe_variation_id"], attributes["audience_id"]) = (variation, audience);
            if (sdk is not null)
            {
                attributes["sdk"] = sdk;
            }
        });
}
