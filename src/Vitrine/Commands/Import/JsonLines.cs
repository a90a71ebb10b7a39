using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>
/// Reads NDJSON: each line a whole body, one element, or one flat event as the export writes it. Empty lines are
/// passed over.
/// </summary>
internal static class JsonLines
{
    private static readonly HashSet<string> ContextFields =
        ["cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id"];

    /// <summary>The elements of all lines.</summary>
    /// <exception cref="CommandException">A line is none of the three.</exception>
    public static IEnumerable<ImportElement> Read(TextReader input)
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
            foreach (var element in Elements(Parse(line, number), number))
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

    private static JsonObject Parse(string line, long number)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject ?? throw new CommandException($"line {number} is no JSON object");
        }
        catch (JsonException fault)
        {
            throw new CommandException($"line {number} is no JSON: {fault.Message}");
        }
    }

    private static IEnumerable<JsonObject> Elements(JsonObject line, long number)
    {
        if (line["elements"] is JsonArray elements)
        {
            foreach (var element in elements)
            {
                yield return (element as JsonObject)?.DeepClone().AsObject()
                    ?? throw new CommandException($"line {number} has an element that is no object");
            }
        }
        else if (line["actions"] is not null)
        {
            yield return line;
        }
        else if (line["action"] is not null)
        {
            yield return FromFlat(line);
        }
        else
        {
            throw new CommandException($"line {number} has neither 'elements' nor 'actions' nor 'action': it is no body, element or event");
        }
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
