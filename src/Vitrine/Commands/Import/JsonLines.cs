using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Hosting;

namespace Vitrine.Commands.Import;

/// <summary>
/// Reads NDJSON: each line a whole body, one element of it, or one flat event as the export writes it. Empty lines are
/// passed over, and lines that are none of these refused.
/// </summary>
internal static class JsonLines
{
    /// <summary>The elements of all lines that have some.</summary>
    public static IEnumerable<ImportElement> Read(ImportKind kind, TextReader input, ImportTally tally)
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
            if (WhyNot(kind, line, out var found) is { } reason)
            {
                tally.Refuse($"line {number} {reason}");
                continue;
            }

            foreach (var element in found)
            {
                var actions = element["actions"] as JsonArray ?? [];
                foreach (var one in actions.OfType<JsonObject>())
                {
                    if (!kind.HasIdentity(one))
                    {
                        one["moe_event_uuid"] = RowIdentities.Of(line, occurrence, action);
                    }

                    action++;
                }

                yield return new ImportElement(number, element, actions.Count);
            }
        }
    }

    /// <summary>Why a line holds no elements; null, and the elements, when it does.</summary>
    private static string? WhyNot(ImportKind kind, string text, out IReadOnlyList<JsonObject> elements)
    {
        elements = [];
        try
        {
            if (JsonNode.Parse(text, documentOptions: JsonText.Strict) is not JsonObject line)
            {
                return "is no JSON object";
            }

            if (!JsonText.IsUnicode(Encoding.UTF8.GetBytes(text)))
            {
                return "holds half of a surrogate pair, which is no text";
            }

            elements = kind.Elements(line);
            return elements.Count > 0 ? null : kind.Shapes;
        }
        catch (JsonException fault)
        {
            return $"is no JSON: {fault.Message}";
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }
}
