using System.Text.Json.Nodes;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>
/// Conditions that are written in one line, <c>source name op value</c>, the value as JSON, with <c>ignoring case</c>
/// behind it where case does not count.
/// </summary>
internal static class GoldenConditions
{
    private const string IgnoringCase = " ignoring case";

    /// <summary>The JSON of such a line; JSON stays as it is.</summary>
    public static string Json(string line)
    {
        if (line.StartsWith('{') || !line.Contains(' '))
        {
            return line;
        }

        var ignoresCase = line.EndsWith(IgnoringCase, StringComparison.Ordinal);
        var parts = (ignoresCase ? line[..^IgnoringCase.Length] : line).Split(' ', 4);
        var leaf = new JsonObject { ["source"] = parts[0], ["name"] = parts[1], ["op"] = parts[2] };
        if (parts.Length > 3)
        {
            leaf["value"] = JsonNode.Parse(parts[3]);
        }

        if (ignoresCase)
        {
            leaf["ignore_case"] = true;
        }

        return leaf.ToJsonString();
    }
}
