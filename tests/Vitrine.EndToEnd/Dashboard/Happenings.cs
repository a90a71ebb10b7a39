using System.Globalization;
using System.Text.Json.Nodes;

namespace Vitrine.EndToEnd.Dashboard;

/// <summary>What a shop's customers saw, clicked and ordered in the last weeks, the same each time but for the day.</summary>
internal static class Happenings
{
    public const string Key = "homepage-banner";
    public const string Name = "Homepage banner";
    private const int Days = 21;
    private const int CustomersADay = 60;

    /// <summary>Publishes an experience with two audiences and a goal, and reports its events; answers its id.</summary>
    public static async Task<string> HappenAsync(ApiClient client, string name = Name)
    {
        var document = $$"""
            {"key":"{{Key}}","name":{{JsonValue.Create(name).ToJsonString()}},"tags":["home"],"goals":[{"name":"Ordered","event":"order","revenue_attribute":"amount","currency":"EUR"}],
             "audiences":[{"name":"Everybody","variations":[
               {"name":"Default","share":34,"payload":{"title":{"data_type":"string","value":"Hello"} } },
               {"name":"Blue","share":33,"payload":{"title":{"data_type":"string","value":"Blue"} } },
               {"name":"Green","share":33,"payload":{"title":{"data_type":"string","value":"Green"} } } ] } ] }
            """;
        var id = (await client.ManageAsync(HttpMethod.Post, "/api/v1/experiences", document, 201)).Json.GetProperty("id").GetString()!;
        await client.ManageAsync(HttpMethod.Post, $"/api/v1/experiences/{Key}/publish", "", 200);
        var random = new Seeded(7);
        var elements = new List<string>();
        var today = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeSeconds();
        for (var day = Days; day >= 1; day--)
        {
            for (var customer = 0; customer < CustomersADay; customer++)
            {
                var variation = random.Below(3);
                var time = today - (day * 86_400) + random.Below(86_000);
                var who = $"customer-{day}-{customer}";
                var actions = new List<string> { Action("SHOWN", id, name, variation, time, random) };
                if (random.Below(100) < 12 + (6 * variation))
                {
                    actions.Add(Action("CLICKED", id, name, variation, time + 20, random));
                    if (random.Below(3) == 0)
                    {
                        (await client.PostGoalsAsync(string.Create(
                            CultureInfo.InvariantCulture,
                            $$"""{"type":"event","customer_id":"{{who}}","actions":[{"action":"order","current_time":{{time + 300}},"moe_event_uuid":"{{random.Uuid()}}","attributes":{"amount":{{20 + random.Below(80)}}.5} } ] }"""))).Status.ShouldBe(200);
                    }
                }

                elements.Add($$"""{"customer_id":"{{who}}","actions":[{{string.Join(',', actions)}}]}""");
            }
        }

        foreach (var some in elements.Chunk(100))
        {
            (await client.PostAsync($$"""{"elements":[{{string.Join(',', some)}}]}""")).Status.ShouldBe(200);
        }

        await client.ProjectedAsync();
        return id;
    }

    private static string Action(string what, string id, string name, int variation, long time, Seeded random) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"action":"MOE_PERSONALIZATION_MESSAGE_{{what}}","moe_event_uuid":"{{random.Uuid()}}","event_time":{{time}},"platform":"{{(random.Below(3) == 0 ? "android" : "web")}}","attributes":{"cid":"{{id}}_F_T_WP_AB_{{variation}}_P_0_AU_1","experience":{{JsonValue.Create(name).ToJsonString()}},"moe_locale_id":"0","moe_variation_id":"{{variation}}","audience_name":"Everybody","audience_id":"1"} }""");
}
