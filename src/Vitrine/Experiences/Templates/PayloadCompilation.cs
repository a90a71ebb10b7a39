using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Vitrine.Experiences.Templates.Liquid;

namespace Vitrine.Experiences.Templates;

/// <summary>Compiles the value of one payload variable into parts.</summary>
internal sealed class PayloadCompilation(ICollection<TemplateError> errors)
{
    /// <summary>The attributes that its templates read.</summary>
    public AttributesRead Read { get; } = new();

    /// <summary>Compiles a value of a data type; null when it is wrong.</summary>
    /// <param name="type">The data type.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="path">Its place in the variable.</param>
    /// <param name="liquid">Whether it may hold templates.</param>
    public PayloadPart? Compile(PayloadDataType type, JsonElement value, string path, bool liquid = true)
    {
        if (JsonMarshal.GetRawUtf8Value(value).Length is var length and > TemplateBounds.OutputBytes)
        {
            return Wrong(path, $"A value has at most {TemplateBounds.OutputBytes:N0} bytes as JSON; this one has {length:N0}.");
        }

        return value.ValueKind switch
        {
            JsonValueKind.String when liquid && TemplateCompiler.HoldsLiquid(value.GetString()!) => Template(type, value.GetString()!, path),
            JsonValueKind.String when type == PayloadDataType.Json => Literal(type, value.GetString()!, path),
            _ when type == PayloadDataType.Json => Tree(value, path, depth: 1),
            JsonValueKind.String => Literal(type, value.GetString()!, path),
            JsonValueKind.Number when type is PayloadDataType.Number or PayloadDataType.FloatingPoint => Literal(type, value.GetRawText(), path),
            JsonValueKind.True or JsonValueKind.False when type == PayloadDataType.Boolean => Literal(type, value.GetRawText(), path),
            _ => Wrong(path, $"A value of the data type '{Encoding.UTF8.GetString(type.Word())}' is wanted, as such or as a text."),
        };
    }

    private TemplatePart Template(PayloadDataType type, string text, string path) =>
        new(TemplateCompiler.Compile(text, path, Read, errors), type, path);

    private ConstantPart? Literal(PayloadDataType type, string text, string path)
    {
        if (TemplateCompiler.HoldsLiquid(text))
        {
            return Wrong(path, "A fallback is taken as it is and cannot hold Liquid.");
        }

        string? reason = null;
        var json = Json(writer => reason = TypedText.Write(writer, type, text));
        return reason is null ? new ConstantPart(json) : Wrong(path, $"{reason}.");
    }

    private PayloadPart? Tree(JsonElement value, string path, int depth)
    {
        if (depth > TemplateBounds.JsonDepth)
        {
            return Wrong(path, $"Objects and arrays are nested more than {TemplateBounds.JsonDepth} deep.");
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when TemplateCompiler.HoldsLiquid(value.GetString()!):
                return Template(PayloadDataType.Text, value.GetString()!, path);
            case JsonValueKind.Object:
                var members = value.EnumerateObject()
                    .Select(member => (Name: member.Name, Value: Tree(member.Value, $"{path}/{Escaped(member.Name)}", depth + 1)))
                    .ToList();
                return Whole(members.Select(static member => member.Value))
                    ? new ObjectPart([.. members.Select(static member => (JsonEncodedText.Encode(member.Name, ObjectPart.Encoder), member.Value!))])
                    : Constant(value, members.TrueForAll(static member => member.Value is not null));
            case JsonValueKind.Array:
                var elements = value.EnumerateArray().Select((element, index) => Tree(element, $"{path}/{index}", depth + 1)).ToList();
                return Whole(elements) ? new ArrayPart([.. elements!]) : Constant(value, elements.TrueForAll(static element => element is not null));
            default:
                return Constant(value, isSound: true);
        }
    }

    /// <summary>Whether all parts are sound and one of them is not constant.</summary>
    private static bool Whole(IEnumerable<PayloadPart?> parts)
    {
        var varies = false;
        foreach (var part in parts)
        {
            if (part is null)
            {
                return false;
            }

            varies |= part is not ConstantPart;
        }

        return varies;
    }

    private static ConstantPart? Constant(JsonElement value, bool isSound) => isSound ? new ConstantPart(Json(value.WriteTo)) : null;

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var target = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(target, PayloadValue.Writing))
        {
            write(writer);
        }

        return target.WrittenSpan.ToArray();
    }

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private ConstantPart? Wrong(string path, string reason)
    {
        errors.Add(new TemplateError(path, 0, 0, reason));
        return null;
    }
}
