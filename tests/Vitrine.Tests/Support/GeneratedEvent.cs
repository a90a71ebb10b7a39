using System.Text.Json.Nodes;

namespace Vitrine.Tests.Support;

/// <summary>An event as a test made it up, from which an oracle counts.</summary>
public sealed record GeneratedEvent(
    Guid Uuid, string Customer, bool IsClick, string Platform, long Time, string Cid, string Variation, string Audience, string Locale, string? ClickTarget)
{
    public string ExperienceId => Cid.Split('_')[0];

    public JsonObject Action()
    {
        var attributes = new JsonObject
        {
            ["cid"] = Cid,
            ["experience"] = "Experience " + ExperienceId,
            ["moe_locale_id"] = Locale,
            ["moe_variation_id"] = Variation,
            ["audience_name"] = "Audience " + Audience,
            ["audience_id"] = Audience,
        };
        if (ClickTarget is not null)
        {
            attributes["b_id"] = ClickTarget;
        }

        return new JsonObject
        {
            ["action"] = IsClick ? Bodies.Clicked : Bodies.Shown,
            ["moe_event_uuid"] = Uuid.ToString(),
            ["event_time"] = Time,
            ["platform"] = Platform,
            ["attributes"] = attributes,
        };
    }

    public JsonObject Element() => new() { ["customer_id"] = Customer, ["actions"] = new JsonArray(Action()) };
}
