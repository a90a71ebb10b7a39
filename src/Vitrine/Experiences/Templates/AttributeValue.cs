using System.Text.Json;
using Fluid.Values;

namespace Vitrine.Experiences.Templates;

/// <summary>Turns the JSON of an attribute into a value of Liquid.</summary>
internal static class AttributeValue
{
    /// <summary>Reads one JSON value.</summary>
    public static FluidValue Read(ReadOnlySpan<byte> json, string name)
    {
        if (json.Length > TemplateBounds.AttributeBytes)
        {
            throw new TemplateFailureException($"the attribute '{name}' has {json.Length:N0} bytes where a template reads at most {TemplateBounds.AttributeBytes:N0}");
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = TemplateBounds.JsonDepth });
        reader.Read();
        return Read(ref reader, name);
    }

    private static FluidValue Read(ref Utf8JsonReader reader, string name) => reader.TokenType switch
    {
        JsonTokenType.String => StringValue.Create(reader.GetString()),
        JsonTokenType.Number => ReadNumber(ref reader),
        JsonTokenType.True => BooleanValue.True,
        JsonTokenType.False => BooleanValue.False,
        JsonTokenType.StartArray => ReadArray(ref reader, name),
        JsonTokenType.StartObject => ReadObject(ref reader, name),
        _ => new MissingValue(name),
    };

    /// <summary>A number beyond 28 digits cannot be reckoned with; its text can still be shown.</summary>
    private static FluidValue ReadNumber(ref Utf8JsonReader reader) => reader.TryGetDecimal(out var number)
        ? NumberValue.Create(number)
        : new StringValue(System.Text.Encoding.UTF8.GetString(reader.ValueSpan));

    private static ArrayValue ReadArray(ref Utf8JsonReader reader, string name)
    {
        var elements = new List<FluidValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements.Add(Read(ref reader, name));
        }

        return new ArrayValue(elements);
    }

    private static DictionaryValue ReadObject(ref Utf8JsonReader reader, string name)
    {
        var members = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.GetString()!;
            reader.Read();
            members[member] = Read(ref reader, member);
        }

        return new DictionaryValue(new AttributeMembers(members));
    }
}

/// <summary>The members of a JSON object, in its order.</summary>
internal sealed class AttributeMembers(Dictionary<string, FluidValue> members) : IFluidIndexable
{
    /// <inheritdoc/>
    public int Count => members.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => members.Keys;

    /// <summary>The members with their values.</summary>
    public IEnumerable<KeyValuePair<string, FluidValue>> Members => members;

    /// <inheritdoc/>
    public bool TryGetValue(string name, out FluidValue value) => members.TryGetValue(name, out value!);
}
