using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Vitrine.Tests.Events;

/// <summary>The events contract read from its table, in the plainest way, over a document model.</summary>
public static partial class ContractOracle
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly HashSet<string> Placeholders = new(StringComparer.OrdinalIgnoreCase)
    {
        "unknown", "guest", "null", "0", "1", "2", "-1", "-2", "true", "false", "user_attribute_unique_id", "(empty)", "na", "n/a",
        "dummy_seller_code", "user_id", "id", "customer_id", "uid", "userid", "none",
    };

    private static readonly string[] Required = ["cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id"];

    /// <summary>The title of the refusal, or the events of a request that is accepted.</summary>
    public static (string? Refusal, IReadOnlyList<OracleEvent> Events) Judge(byte[] body, long now)
    {
        if (body.AsSpan().StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        if (body.All(static one => one is 0x20 or 0x09 or 0x0A or 0x0D))
        {
            return (MalformedBody.Empty, []);
        }

        try
        {
            _ = Strict.GetCharCount(body);
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 64 });
            return Elements(document.RootElement, now) is { } events ? (null, events) : (MalformedBody.Invalid, []);
        }
        catch (Exception fault) when (fault is JsonException or DecoderFallbackException)
        {
            return (MalformedBody.Malformed, []);
        }
    }

    private static List<OracleEvent>? Elements(JsonElement root, long now)
    {
        if (root.ValueKind != JsonValueKind.Object
            || Fields(root) is not { } fields
            || Get(fields, "elements") is not { ValueKind: JsonValueKind.Array } elements
            || elements.GetArrayLength() is 0 or > 100)
        {
            return null;
        }

        var events = new List<OracleEvent>();
        foreach (var element in elements.EnumerateArray())
        {
            if (Element(element, now) is not { } more)
            {
                return null;
            }

            events.AddRange(more);
        }

        return events;
    }

    private static List<OracleEvent>? Element(JsonElement element, long now)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = Fields(element);
        if (Text(Get(fields, "customer_id")) is not { } customer
            || Strict.GetByteCount(customer) is 0 or > 512
            || customer.EnumerateRunes().Count() == 1
            || Placeholders.Contains(customer)
            || !AreUserAttributes(Get(fields, "user_attributes"))
            || !IsOffset(Get(fields, "user_timezone_offset"), out var offset)
            || Get(fields, "actions") is not { ValueKind: JsonValueKind.Array } actions
            || actions.GetArrayLength() is 0 or > 100)
        {
            return null;
        }

        var events = actions.EnumerateArray().Select(action => Action(action, customer, offset, now)).ToList();
        return events.Contains(null) ? null : [.. events.OfType<OracleEvent>()];
    }

    private static OracleEvent? Action(JsonElement action, string customer, int? offset, long now)
    {
        if (action.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var fields = Fields(action);
        if (Get(fields, "action") is not { ValueKind: JsonValueKind.String } name
            || Text(name) is not ("MOE_PERSONALIZATION_MESSAGE_SHOWN" or "MOE_PERSONALIZATION_MESSAGE_CLICKED")
            || Get(fields, "moe_event_uuid") is not { ValueKind: JsonValueKind.String } identifier
            || Text(identifier) is not { } identity
            || !Uuid().IsMatch(identity)
            || Guid.Parse(identity) == Guid.Empty
            || !IsTime(Get(fields, "event_time"), now, out var time)
            || Get(fields, "attributes") is not { ValueKind: JsonValueKind.Object } attributes)
        {
            return null;
        }

        var inner = Fields(attributes);
        var texts = Required.Select(field => Text(Get(inner, field))).ToList();
        var target = Get(inner, "b_id") ?? Get(fields, "b_id");
        if (texts.Exists(static text => text is null || text.EnumerateRunes().Count() > 1024)
            || texts[0]!.Length == 0
            || texts[0]!.Contains('\0')
            || (Get(inner, "type") is { } type && (AsSent(type) is not { } named || named.EnumerateRunes().Count() > 1024))
            || (target is not null && Text(target) is null)
            || Further(inner) is not { } further)
        {
            return null;
        }

        return new OracleEvent(
            customer, offset, Text(name)!, Guid.Parse(identity), time, Platform(Get(fields, "platform")), texts[0]!, texts[1]!, texts[2]!, texts[3]!, texts[4]!,
            texts[5]!, AsSent(Get(inner, "type")), Cut(Text(target)), further.Length == 2 ? null : further);
    }

    private static bool AreUserAttributes(JsonElement? attributes) =>
        attributes is not { } present
        || (present.ValueKind == JsonValueKind.Object
            && Fields(present) is { Count: <= 100 } fields
            && fields.All(static field => field.Name is not null && IsUserAttribute(field.Value)));

    private static bool IsUserAttribute(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => false,
        JsonValueKind.Array => value.EnumerateArray().All(static item =>
            item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && IsText(item)),
        _ => IsText(value),
    };

    private static bool IsOffset(JsonElement? value, out int? offset)
    {
        offset = null;
        if (value is not { } present)
        {
            return true;
        }

        if (present.ValueKind != JsonValueKind.Number || !TryInteger(present.GetRawText(), out var seconds) || BigInteger.Abs(seconds) > 54_000)
        {
            return false;
        }

        offset = (int)seconds;
        return true;
    }

    private static bool IsTime(JsonElement? value, long now, out long time)
    {
        time = now;
        if (value is not { } present)
        {
            return true;
        }

        if (present.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)
            || !TryInteger(Text(present) ?? "", out var seconds)
            || seconds < 1_262_304_000
            || seconds > now + 86_400)
        {
            return false;
        }

        time = (long)seconds;
        return true;
    }

    private static string Platform(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } && Text(value)?.ToLowerInvariant() is "web" or "android" or "ios" or "tv"
            ? Text(value)!.ToLowerInvariant()
            : "Unknown";

    private static string? Further(List<(string? Name, JsonElement Value)> fields)
    {
        var further = fields.Where(static field => field.Name is not ("type" or "b_id") && !Required.Contains(field.Name)).ToList();
        if (further.Count > 100 || further.Exists(static field => field.Name is null || field.Name.EnumerateRunes().Count() > 200 || !IsTextThroughout(field.Value)))
        {
            return null;
        }

        return "{" + string.Join(',', further.Select(static field => $"{JsonSerializer.Serialize(field.Name)}:{FurtherValue(field.Value)}")) + "}";
    }

    private static string FurtherValue(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return JsonSerializer.Serialize(Cut(value.GetString()));
        }

        var raw = value.GetRawText();
        return raw.EnumerateRunes().Count() > 512 ? JsonSerializer.Serialize(Cut(raw)) : raw.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
    }

    /// <summary>The last of equal names wins; null is the name that is no Unicode text.</summary>
    private static List<(string? Name, JsonElement Value)> Fields(JsonElement value)
    {
        var fields = new List<(string? Name, JsonElement Value)>();
        foreach (var property in value.EnumerateObject())
        {
            var name = Name(property);
            fields.RemoveAll(one => name is not null && one.Name == name);
            fields.Add((name, property.Value));
        }

        return fields;
    }

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A field that is there; null counts as not there.</summary>
    private static JsonElement? Get(List<(string? Name, JsonElement Value)> fields, string name) =>
        fields.FirstOrDefault(field => field.Name == name).Value is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? value : null;

    private static string? Text(JsonElement? value)
    {
        try
        {
            return value?.ValueKind switch
            {
                JsonValueKind.String => value.Value.GetString(),
                JsonValueKind.Number => value.Value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? AsSent(JsonElement? value) =>
        value is { ValueKind: not (JsonValueKind.String or JsonValueKind.Number) } other
            ? IsTextThroughout(other) ? other.GetRawText() : null
            : Text(value);

    private static bool IsText(JsonElement value) => value.ValueKind != JsonValueKind.String || Text(value) is not null;

    private static bool IsTextThroughout(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(static property => Name(property) is not null && IsTextThroughout(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsTextThroughout),
        _ => IsText(value),
    };

    private static string? Cut(string? text) =>
        text is null ? null : string.Concat(text.EnumerateRunes().Take(512).Select(static rune => rune.ToString()));

    private static bool TryInteger(string text, out BigInteger number)
    {
        number = default;
        return Integer().IsMatch(text) && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    [GeneratedRegex(@"\A-?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32})\z")]
    private static partial Regex Uuid();
}
