using System.Text.Json.Nodes;

namespace Vitrine.Tests.Support;

/// <summary>Bodies of <c>POST /v1/experiences/events</c>.</summary>
public static class Bodies
{
    public const string Shown = "MOE_PERSONALIZATION_MESSAGE_SHOWN";
    public const string Clicked = "MOE_PERSONALIZATION_MESSAGE_CLICKED";
    public const string Cid = "66d55ae445921e4d35ae4368_F_T_WP_AB_2_P_0_AU_5A";

    public static JsonObject Attributes() => new()
    {
        ["cid"] = Cid,
        ["experience"] = "Hero banner",
        ["moe_locale_id"] = "0",
        ["moe_variation_id"] = "2",
        ["audience_name"] = "Everyone",
        ["audience_id"] = "5A",
    };

    public static JsonObject Action(Action<JsonObject>? action = null, Action<JsonObject>? attributes = null)
    {
        var made = new JsonObject
        {
            ["action"] = Shown,
            ["moe_event_uuid"] = Guid.NewGuid().ToString(),
            ["event_time"] = Clock.Now - 60,
            ["platform"] = "web",
            ["attributes"] = Attributes(),
        };
        attributes?.Invoke(made["attributes"]!.AsObject());
        action?.Invoke(made);
        return made;
    }

    public static JsonObject Element(params JsonObject[] actions) =>
        new() { ["customer_id"] = "customer-1", ["actions"] = new JsonArray([.. actions]) };

    public static JsonObject Of(params JsonObject[] elements) => new() { ["elements"] = new JsonArray([.. elements]) };

    /// <summary>A good body but for what is changed in it.</summary>
    public static JsonObject One(
        Action<JsonObject>? element = null, Action<JsonObject>? action = null, Action<JsonObject>? attributes = null)
    {
        var made = Element(Action(action, attributes));
        element?.Invoke(made);
        return Of(made);
    }

    /// <summary>A JSON value written out, for what objects cannot express.</summary>
    public static JsonNode? Json(string text) => JsonNode.Parse(text);
}
