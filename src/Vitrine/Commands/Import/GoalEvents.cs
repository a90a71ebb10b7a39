using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Goals;

namespace Vitrine.Commands.Import;

/// <summary>What customers did, for <c>POST /v1/event/{workspaceId}</c>.</summary>
internal sealed class GoalEvents : ImportKind
{
    private static readonly HashSet<string> OfCustomer = ["customer_id", "type", "received_at", "req_id"];

    /// <inheritdoc/>
    public override string Name => "goals";

    /// <inheritdoc/>
    public override string TimeField => "current_time";

    /// <inheritdoc/>
    public override IReadOnlyList<string> OwnMappingFields => ["event_id", "app_version"];

    /// <inheritdoc/>
    public override int MaximumWeight => GoalRules.MaximumActions;

    /// <inheritdoc/>
    public override int MaximumBodyBytes => GoalRules.MaximumBodyBytes;

    /// <inheritdoc/>
    public override string Shapes => "has neither 'actions' nor 'action': it is no body and no event";

    /// <inheritdoc/>
    public override string Path(string workspace) => $"v1/event/{Uri.EscapeDataString(workspace)}";

    /// <inheritdoc/>
    public override IReadOnlyList<JsonObject> Elements(JsonObject line) =>
        line["actions"] is JsonArray { Count: > 0 } ? [line]
        : line["actions"] is not null ? throw new FormatException("has 'actions' that are no array of one or more events")
        : line["action"] is not null ? [FromFlat(line)]
        : [];

    /// <inheritdoc/>
    public override bool HasIdentity(JsonObject action) => (action["moe_event_uuid"] ?? action["event_id"]) is not null;

    /// <inheritdoc/>
    public override string ActionName(string action) => action;

    /// <inheritdoc/>
    public override string Head(ImportElement element) =>
        $"{{\"type\":\"event\",\"customer_id\":{element.Json["customer_id"]?.ToJsonString(JsonSerializerOptions.Default) ?? "null"},\"actions\":[";

    /// <inheritdoc/>
    public override string Part(ImportElement element) =>
        string.Join(',', element.Json["actions"]!.AsArray().Select(static action => action?.ToJsonString(JsonSerializerOptions.Default) ?? "null"));

    /// <inheritdoc/>
    public override int Weight(ImportElement element) => element.Events;

    /// <inheritdoc/>
    public override (ImportElement Element, string Field)? Find(ImportBatch batch, string[] steps)
    {
        if (steps is not ["actions", var place, .. var rest] || !int.TryParse(place, out var index))
        {
            return null;
        }

        foreach (var element in batch.Elements)
        {
            if (index < element.Events)
            {
                return (element, string.Join('/', ["actions", $"{index}", .. rest]));
            }

            index -= element.Events;
        }

        return null;
    }

    /// <summary>An exported event is an action with its customer beside.</summary>
    private static JsonObject FromFlat(JsonObject flat) => new()
    {
        ["customer_id"] = flat["customer_id"]?.DeepClone(),
        ["actions"] = new JsonArray(new JsonObject(flat
            .Where(static field => !OfCustomer.Contains(field.Key))
            .Select(static field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())))),
    };
}
