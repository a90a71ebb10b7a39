using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>
/// A value met while reading a body: its kind and where its text lies. Of strings the text is unescaped, of everything
/// else it is the JSON itself. <c>default</c> is a field that was not there.
/// </summary>
internal readonly record struct JsonValue(JsonTokenType Kind, Slice Text)
{
    /// <summary>A string whose escapes are no Unicode text, such as a lone surrogate.</summary>
    public bool IsBrokenText => Kind == JsonTokenType.String && !Text.Present;

    /// <summary>Not there, or null, which counts as not there.</summary>
    public bool IsAbsent => Kind is JsonTokenType.None or JsonTokenType.Null;

    /// <summary>A string or a number: something that has a text.</summary>
    public bool IsText => Kind is JsonTokenType.String or JsonTokenType.Number && Text.Present;
}
