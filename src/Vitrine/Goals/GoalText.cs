using System.Text.Json;

namespace Vitrine.Goals;

/// <summary>Reads texts from fields.</summary>
internal static class GoalText
{
    /// <summary>The text of a string, or a number as it was written; null of anything else, and of what is no Unicode text.</summary>
    public static string? Of(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair: valid JSON, no text.
        }
    }

    /// <summary>Characters (Unicode scalar values) of a text.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    /// <summary>The field's last value; one that is undefined when it is not there or null, which counts as not there.</summary>
    public static JsonElement Field(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : default;

    /// <summary>Whether a field is there.</summary>
    public static bool IsThere(this JsonElement value) => value.ValueKind != JsonValueKind.Undefined;
}
