#if NET
using System.Diagnostics.CodeAnalysis;
#endif
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vitrine.Client;

/// <summary>
/// The variables of an experience. Whoever authors it may rename one or change its type while an app is out, so a value that
/// is absent or of another type is null, and throws nothing.
/// </summary>
public sealed class Payload
{
    private readonly Dictionary<string, JsonElement> _variables;

    private Payload(Dictionary<string, JsonElement> variables) => _variables = variables;

    /// <summary>The names of the variables.</summary>
    public IReadOnlyCollection<string> Names => _variables.Keys;

    /// <summary>Whether there is a variable.</summary>
    /// <param name="name">Its name.</param>
    public bool Contains(string name) => _variables.ContainsKey(name);

    /// <summary>A variable's type as authored: <c>string</c>, <c>number</c>, <c>boolean</c>, <c>float</c> or <c>json</c>; null when it is absent.</summary>
    /// <param name="name">Its name.</param>
    public string? GetDataType(string name) =>
        _variables.TryGetValue(name, out var variable) && variable.TryGetProperty("data_type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    /// <summary>A text.</summary>
    /// <param name="name">The variable's name.</param>
    public string? GetString(string name) => Read(name, static value => value.ValueKind == JsonValueKind.String ? value.GetString() : null);

    /// <summary>Yes or no.</summary>
    /// <param name="name">The variable's name.</param>
    public bool? GetBoolean(string name) => GetValue(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : null;

    /// <summary>A whole number.</summary>
    /// <param name="name">The variable's name.</param>
    public long? GetInt64(string name) => GetValue(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>A number.</summary>
    /// <param name="name">The variable's name.</param>
    public double? GetDouble(string name) => GetValue(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;

    /// <summary>A number as it was written, such as a price.</summary>
    /// <param name="name">The variable's name.</param>
    public decimal? GetDecimal(string name) => GetValue(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDecimal(out var number) ? number : null;

    /// <summary>Any value as JSON; of kind <see cref="JsonValueKind.Undefined"/> when it is absent.</summary>
    /// <param name="name">The variable's name.</param>
    public JsonElement GetJson(string name) => GetValue(name) ?? default;

    /// <summary>A value read as a type of the app's.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="name">The variable's name.</param>
    /// <param name="type">How it is read, of a source-generated context; fit for trimming and native compilation.</param>
    public T? GetJson<T>(string name, JsonTypeInfo<T> type) => Read(name, value => value.Deserialize(type));

    /// <summary>A value read as a type of the app's, by reflection.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="name">The variable's name.</param>
    /// <param name="options">How it is read.</param>
#if NET
    [RequiresUnreferencedCode("Reads by reflection. Where an app is trimmed, give the type's JsonTypeInfo.")]
    [RequiresDynamicCode("Reads by reflection. Where an app is compiled natively, give the type's JsonTypeInfo.")]
#endif
    public T? GetJson<T>(string name, JsonSerializerOptions? options = null) => Read(name, value => value.Deserialize<T>(options));

    internal static Payload From(JsonElement json) => new(json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().Where(static property => property.Value.ValueKind == JsonValueKind.Object).ToDictionary(static property => property.Name, static property => property.Value, StringComparer.Ordinal)
        : []);

    private T? Read<T>(string name, Func<JsonElement, T?> read)
    {
        try
        {
            return GetValue(name) is { } value ? read(value) : default;
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException or InvalidOperationException)
        {
            return default;
        }
    }

    private JsonElement? GetValue(string name) => _variables.TryGetValue(name, out var variable) && variable.TryGetProperty("value", out var value) ? value : null;
}
