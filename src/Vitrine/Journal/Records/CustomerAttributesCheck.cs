using System.Text.Json;
using Vitrine.Hosting;

namespace Vitrine.Journal.Records;

/// <summary>Judges the attributes that a request sets on a profile. Used by one request at a time; keeps its memory.</summary>
public sealed class CustomerAttributesCheck
{
    /// <summary>How many bad attributes of one object are named; an answer names no more errors than that.</summary>
    private const int ErrorsNamed = 20;

    /// <summary>Characters of a bad attribute's name that an answer repeats.</summary>
    private const int MaximumNameRepeated = 200;

    private readonly List<(string Path, string Reason)> _errors = [];

    /// <summary>Of each attribute what is wrong with its last value, or null.</summary>
    private readonly Dictionary<string, string?> _attributes = new(StringComparer.Ordinal);

    /// <summary>What is wrong, and where as a JSON pointer from the object on. Valid until the next call.</summary>
    /// <param name="json">A well-formed JSON object.</param>
    public IReadOnlyList<(string Path, string Reason)> Run(ReadOnlySpan<byte> json)
    {
        _errors.Clear();
        _attributes.Clear();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryName(ref reader, out var name))
            {
                _errors.Add(("", "has a name that is not Unicode text"));
                return _errors;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var isValue = IsAttributeValue(ref reader);
            reader.Skip();
            _attributes[name] = !isValue ? "must be a string, a number, a boolean, null or an array of those"
                : !JsonText.IsUnicode(json[start..(int)reader.BytesConsumed]) ? "is not Unicode text"
                : null;
        }

        foreach (var (name, why) in _attributes.Where(static one => one.Value is not null).Take(ErrorsNamed))
        {
            var step = name.Length > MaximumNameRepeated ? name[..MaximumNameRepeated] : name;
            _errors.Add(("/" + JsonText.PointerStep(step), why!));
        }

        if (_attributes.Count > CustomerRules.MaximumAttributes)
        {
            _errors.Add(("", $"has {_attributes.Count} keys; at most {CustomerRules.MaximumAttributes} are allowed"));
            _attributes.Clear();
            _attributes.TrimExcess(); // The check is kept; a hundred thousand keys are not.
        }

        return _errors;
    }

    private static bool IsAttributeValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return reader.TokenType != JsonTokenType.StartObject;
        }

        var inner = reader;
        while (inner.Read() && inner.TokenType != JsonTokenType.EndArray)
        {
            if (inner.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryName(ref Utf8JsonReader reader, out string name)
    {
        try
        {
            name = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }
}
