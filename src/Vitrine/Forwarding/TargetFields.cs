using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.Hosting;

namespace Vitrine.Forwarding;

/// <summary>The fields of an object of the configuration. What it throws names the place and what would be right, and never a value: that may be a secret.</summary>
internal sealed partial class TargetFields
{
    private readonly string _place;
    private readonly JsonElement _object;
    private readonly Func<string, string?> _variable;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public TargetFields(string place, JsonElement value, Func<string, string?> variable)
    {
        (_place, _object, _variable) = (place, value, variable);
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{place} must be an object, not {JsonText.Describe(value.ValueKind)}.");
        }
    }

    /// <summary>What to throw of a field.</summary>
    public InvalidDataException Wrong(string field, string right) => new($"{Place(field)} {right}.");

    /// <summary>Whether a field is there.</summary>
    public bool Has(string field) => Find(field) is not null;

    /// <summary>A text that must be there.</summary>
    public string Text(string field) => Optional(field) ?? throw Wrong(field, "is missing, and is needed");

    /// <summary>A text, with the values of the environment variables that it names; null when it is not there.</summary>
    public string? Optional(string field) => Find(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => Resolved(field, text.GetString()!) is { Length: > 0 } value ? value : throw Wrong(field, "is empty; give it, or leave it out"),
        var other => throw Wrong(field, $"must be a string, not {JsonText.Describe(other.Value.ValueKind)}"),
    };

    /// <summary>An address of HTTP.</summary>
    public Uri Address(string field, bool withQuery = false) =>
        Uri.TryCreate(Text(field), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0 && (withQuery || uri.Query.Length == 0)
            ? uri
            : throw Wrong(field, "is an address such as https://example.com, without a user" + (withQuery ? "" : " or a query"));

    /// <summary>A whole number; null when it is not there.</summary>
    public int? Number(string field, int least, int most) => Find(field) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var value) && value >= least && value <= most => value,
        _ => throw Wrong(field, $"is a whole number from {least} to {most}"),
    };

    /// <summary>Yes or no; no when it is not there.</summary>
    public bool Flag(string field) => Find(field)?.ValueKind switch
    {
        null or JsonValueKind.False => false,
        JsonValueKind.True => true,
        _ => throw Wrong(field, "is true or false"),
    };

    /// <summary>An object of texts; empty when it is not there. A number or a boolean is taken as its text.</summary>
    public IReadOnlyDictionary<string, string> Map(string field)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(field) is not { } value)
        {
            return map;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(field, $"must be an object, not {JsonText.Describe(value.ValueKind)}");
        }

        foreach (var one in value.EnumerateObject())
        {
            map.Add(one.Name, one.Value.ValueKind switch
            {
                JsonValueKind.String => Resolved($"{field}.{one.Name}", one.Value.GetString()!),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => one.Value.GetRawText(),
                _ => throw Wrong($"{field}.{one.Name}", "is a string, a number or a boolean"),
            });
        }

        return map;
    }

    /// <summary>An array of objects that must be there.</summary>
    public IEnumerable<TargetFields> Objects(string field, int most)
    {
        if (Find(field) is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() is 0 || array.GetArrayLength() > most)
        {
            throw Wrong(field, $"is an array of 1–{most} objects");
        }

        return array.EnumerateArray().Select((one, index) => new TargetFields($"{Place(field)}[{index}]", one, _variable));
    }

    /// <summary>Refuses fields that nobody has asked for: a misspelt one would be taken for absent.</summary>
    public void RefuseOthers()
    {
        foreach (var one in _object.EnumerateObject().Where(one => !_asked.Contains(one.Name)))
        {
            throw Wrong(one.Name, $"is no field here; there are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    private JsonElement? Find(string field)
    {
        _asked.Add(field);
        return _object.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private string Resolved(string field, string text) => Placeholder().Replace(text, match => _variable(match.Groups[1].Value)
        ?? throw Wrong(field, $"names the environment variable {match.Groups[1].Value}, which is not set; set it for the server"));

    private string Place(string field) => _place.Contains(':', StringComparison.Ordinal) ? $"{_place}.{field}" : $"{_place}: {field}";

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Placeholder();
}
