using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>One place at which two documents differ.</summary>
/// <param name="Path">JSON pointer: into the newer document, or into the older one where the newer has nothing.</param>
/// <param name="Before">What the older one has there; null when it has nothing.</param>
/// <param name="After">What the newer one has there; null when it has nothing.</param>
public sealed record Difference(
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("before")] JsonElement? Before,
    [property: JsonPropertyName("after")] JsonElement? After);

/// <summary>Tells what differs between two JSON documents.</summary>
public static class JsonDifference
{
    /// <summary>The differences in the order of the newer document. Items with an id are compared with the one of the same id, wherever it stands.</summary>
    public static IReadOnlyList<Difference> Between(JsonElement before, JsonElement after)
    {
        var differences = new List<Difference>();
        Compare("", before, after, differences);
        return differences;
    }

    private static void Compare(string path, JsonElement before, JsonElement after, List<Difference> differences)
    {
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in after.EnumerateObject())
            {
                Compare($"{path}/{Escape(property.Name)}", Property(before, property.Name), property.Value, differences);
            }

            foreach (var property in before.EnumerateObject().Where(property => !after.TryGetProperty(property.Name, out _)))
            {
                differences.Add(new Difference($"{path}/{Escape(property.Name)}", property.Value, null));
            }
        }
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array)
        {
            CompareItems(path, [.. before.EnumerateArray()], [.. after.EnumerateArray()], differences);
        }
        else if (!JsonElement.DeepEquals(before, after))
        {
            differences.Add(new Difference(path, before, after));
        }
    }

    private static void Compare(string path, JsonElement? before, JsonElement after, List<Difference> differences)
    {
        if (before is { } present)
        {
            Compare(path, present, after, differences);
        }
        else
        {
            differences.Add(new Difference(path, null, after));
        }
    }

    private static void CompareItems(string path, List<JsonElement> before, List<JsonElement> after, List<Difference> differences)
    {
        var (older, newer) = (ById(before), ById(after));
        for (var index = 0; index < after.Count; index++)
        {
            var id = IdOf(after[index]);
            JsonElement? predecessor = id is null
                ? (index < before.Count ? before[index] : null)
                : older.TryGetValue(id, out var same) ? same : null;
            Compare($"{path}/{index}", predecessor, after[index], differences);
        }

        for (var index = 0; index < before.Count; index++)
        {
            var id = IdOf(before[index]);
            if (id is null ? index >= after.Count : !newer.ContainsKey(id))
            {
                differences.Add(new Difference($"{path}/{index}", before[index], null));
            }
        }
    }

    /// <summary>The items that have an id; of several with the same one the first.</summary>
    private static Dictionary<string, JsonElement> ById(List<JsonElement> items)
    {
        var known = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (IdOf(item) is { } id)
            {
                known.TryAdd(id, item);
            }
        }

        return known;
    }

    /// <summary>The id of an item as it is written; null without one.</summary>
    private static string? IdOf(JsonElement item) => Property(item, "id")?.GetRawText();

    private static JsonElement? Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;

    internal static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
