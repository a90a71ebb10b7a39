using System.Text.Json;

namespace Vitrine.Experiences.Templates;

/// <summary>What becomes of a payload variable whose template could not be rendered for a visitor.</summary>
public enum PayloadFallback
{
    /// <summary>
    /// <c>do_not_deliver</c>: the whole experience is not delivered, with the reason <c>PERSONALIZATION_FAILED</c>. It is
    /// what happens where nothing is said: a client has a default of its own for an experience that is not there, because
    /// it may be paused, expired or for others; a greeting without its name, or a zero for a price, it would show, and
    /// count as shown.
    /// </summary>
    DoNotDeliver,

    /// <summary>
    /// <c>empty</c>: of a string <c>""</c>, of a <c>json</c> value <c>{}</c> or <c>[]</c> where an object or an array was
    /// given, because a client that reads a field of it or walks through it goes on with nothing, and <c>null</c> where a
    /// text was to render it and nobody knows what. Numbers, floats and booleans have no empty value: a client that reads
    /// a number survives no <c>null</c>, and a zero would be a statement. There it is refused in favour of a text.
    /// </summary>
    Empty,

    /// <summary><c>text</c>: a given text, which must itself fit the data type and holds no Liquid.</summary>
    Text,
}

/// <summary>The fallback of a variable as written: <c>{"use": "text"|"empty"|"do_not_deliver", "text": "…"}</c>.</summary>
internal readonly record struct WrittenFallback(PayloadFallback Use, JsonElement Text)
{
    /// <summary>Reads the <c>fallback</c> of a variable. Where it is absent or null, nothing is said.</summary>
    public static WrittenFallback Read(JsonElement variable, ICollection<TemplateError> errors)
    {
        if (!variable.TryGetProperty("fallback"u8, out var fallback) || fallback.ValueKind == JsonValueKind.Null)
        {
            return default;
        }

        if (fallback.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new TemplateError("/fallback", 0, 0, "A fallback is an object with 'use'."));
            return default;
        }

        var word = fallback.TryGetProperty("use"u8, out var use) && use.ValueKind == JsonValueKind.String ? use.GetString() : null;
        PayloadFallback? known = word switch
        {
            "text" => PayloadFallback.Text,
            "empty" => PayloadFallback.Empty,
            "do_not_deliver" => PayloadFallback.DoNotDeliver,
            _ => null,
        };
        if (known is null)
        {
            errors.Add(new TemplateError("/fallback/use", 0, 0, "'use' is text, empty or do_not_deliver."));
        }

        var hasText = fallback.TryGetProperty("text"u8, out var text) && text.ValueKind != JsonValueKind.Null;
        if (known is PayloadFallback.Text && !hasText)
        {
            errors.Add(new TemplateError("/fallback/text", 0, 0, "With \"use\": \"text\", 'text' is wanted."));
        }
        else if (known is PayloadFallback.Empty or PayloadFallback.DoNotDeliver && hasText)
        {
            errors.Add(new TemplateError("/fallback/text", 0, 0, "'text' is only for \"use\": \"text\"."));
        }

        return new WrittenFallback(known ?? default, text);
    }
}
