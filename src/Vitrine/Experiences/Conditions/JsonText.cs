using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>Texts of a JSON document. An escape can spell half of a surrogate pair, which is valid JSON and no text.</summary>
internal static class JsonText
{
    /// <summary>The text of a JSON string, if it is one.</summary>
    public static bool TryRead(JsonElement element, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            text = element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // The half of a surrogate pair.
        }

        return text is not null;
    }

    /// <summary>The name of a member, if it is text.</summary>
    public static bool TryName(JsonProperty member, [NotNullWhen(true)] out string? name)
    {
        name = null;
        try
        {
            name = member.Name;
        }
        catch (InvalidOperationException)
        {
            // The half of a surrogate pair.
        }

        return name is not null;
    }

    /// <summary>The number of characters: Unicode scalar values.</summary>
    public static int Length(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
