using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Events;
using Vitrine.Journal.Records;

namespace Vitrine.Commands.Import;

/// <summary>Impressions and clicks, for <c>POST /v1/experiences/events</c>.</summary>
internal sealed class ImpressionsAndClicks : ImportKind
{
    private static readonly HashSet<string> ContextFields =
        ["cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id"];

    /// <inheritdoc/>
    public override string Name => "events";

    /// <inheritdoc/>
    public override string TimeField => "event_time";

    /// <inheritdoc/>
    public override int MaximumWeight => EventsRules.MaximumElements;

    /// <inheritdoc/>
    public override int MaximumBodyBytes => EventsRules.MaximumBodyBytes;

    /// <inheritdoc/>
    public override string Shapes => "has neither 'elements' nor 'actions' nor 'action': it is no body, element or event";

    /// <inheritdoc/>
    public override string Path(string workspace) => "v1/experiences/events";

    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Elements(JsonObject line)
    {
        if (line["elements"] is JsonArray several)
        {
            return several.All(static one => one is JsonObject)
                ? [.. several.Select(static one => one!.DeepClone().AsObject())]
                : throw new FormatException("has an element that is no object");
        }

        return line["actions"] is not null ? [line] : line["action"] is not null ? [FromFlat(line)] : [];
    }

    /// <inheritdoc/>
    public override bool HasIdentity(JsonObject action) => action["moe_event_uuid"] is not null;

    /// <inheritdoc/>
    public override string ActionName(string action) => action.ToUpperInvariant() switch
    {
        "SHOWN" => EventActions.Shown,
        "CLICKED" => EventActions.Clicked,
        _ => action,
    };

    /// <inheritdoc/>
    public override string Head(ImportElement element) => "{\"elements\":[";

    /// <inheritdoc/>
    public override string Part(ImportElement element) => element.Json.ToJsonString(JsonSerializerOptions.Default);

    /// <inheritdoc/>
    public override int Weight(ImportElement element) => 1;

    /// <inheritdoc/>
    public override (ImportElement Element, string Field)? Find(ImportBatch batch, string[] steps) =>
        steps is ["elements", var place, .. var rest] && int.TryParse(place, out var index) && index < batch.Elements.Count
            ? (batch.Elements[index], rest.Length > 0 ? string.Join('/', rest) : "element")
            : null;

    /// <summary>Puts the fields of an exported event where the wire has them.</summary>
    private static JsonObject FromFlat(JsonObject flat)
    {
        var attributes = flat["attributes"]?.DeepClone() as JsonObject ?? [];
        var action = new JsonObject();
        foreach (var (name, value) in flat)
        {
            if (ContextFields.Contains(name))
            {
                attributes[name] = value?.DeepClone();
            }
            else if (name is "action" or "moe_event_uuid" or "event_time" or "platform")
            {
                action[name] = value?.DeepClone();
            }
        }

        action["attributes"] = attributes;
        var element = new JsonObject { ["customer_id"] = flat["customer_id"]?.DeepClone(), ["actions"] = new JsonArray(action) };
        if (flat["user_timezone_offset"] is { } offset)
        {
            element["user_timezone_offset"] = offset.DeepClone();
        }

        return element;
    }
}
