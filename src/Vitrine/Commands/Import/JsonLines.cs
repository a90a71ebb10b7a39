using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>
/// Reads NDJSON: each line a whole body, one element, or one flat event as the export writes it. Empty lines are
/// passed over, and lines that are none of the three refused.
/// </summary>
internal static class JsonLines
{
    private static readonly HashSet<string> ContextFields =
        ["cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id"];

    private static JsonDocumentOptions NoDuplicates => new() { AllowDuplicateProperties = false };

    /// <summary>The elements of all lines that have some.</summary>
    public static IEnumerable<ImportElement> Read(TextReader input, ImportTally tally)
    {
        var identities = new RowIdentities();
        for (long number = 1; input.ReadLine() is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var occurrence = identities.Count(line);
            var action = 0;
            if (WhyNot(line, out var found) is { } reason)
            {
                tally.Refuse($"line {number} {reason}");
                continue;
            }

            foreach (var element in found)
            {
                var actions = element["actions"] as JsonArray ?? [];
                foreach (var one in actions.OfType<JsonObject>())
                {
                    one["moe_event_uuid"] ??= RowIdentities.Of(line, occurrence, action);
                    action++;
                }

                yield return new ImportElement(number, element, actions.Count);
            }
        }
    }

    /// <summary>Why a line holds no elements; null, and the elements, when it does.</summary>
    private static string? WhyNot(string text, out IEnumerable<JsonObject> elements)
    {
        elements = [];
        JsonObject? line;
        try
        {
            line = JsonNode.Parse(text, documentOptions: NoDuplicates) as JsonObject;
        }
        catch (JsonException fault)
        {
            return $"is no JSON: {fault.Message}";
        }

        if (line is null)
        {
            return "is no JSON object";
        }

        if (line["elements"] is JsonArray several)
        {
            elements = [.. several.OfType<JsonObject>().Select(static one => one.DeepClone().AsObject())];
            return several.Count == elements.Count() ? null : "has an element that is no object";
        }

        elements = line["actions"] is not null ? [line] : line["action"] is not null ? [FromFlat(line)] : [];
        return elements.Any() ? null : "has neither 'elements' nor 'actions' nor 'action': it is no body, element or event";
    }

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
