using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vitrine.Experiences.Templates;

/// <summary>
/// A payload variable, compiled: <c>{"data_type": …, "value": …, "fallback": …}</c>. A string value, and each string leaf
/// of a <c>json</c> value, may hold Liquid, which sees <c>user</c>, <c>request</c>, <c>customer_id</c> and <c>now</c>;
/// what it renders is delivered as the data type. In a text that renders <c>json</c>, values are written with the
/// <c>json</c> filter: <c>{"name": {{ user.name | json }}}</c>.
/// </summary>
/// <remarks>
/// <para>
/// A rendering fails when an output, <c>{{ … }}</c>, has no value because something that it reads is not there or null and
/// no <c>default</c> filter gives another; when the outcome is none of the data type; when a bound of
/// <see cref="TemplateBounds"/> is exceeded; or when Fluid throws. In a condition, what is not there is false. A filter
/// passes on what is missing: <c>{{ user.name | upcase }}</c> fails as <c>{{ user.name }}</c> does.
/// </para>
/// <para>Immutable; any thread may render, with data of its own.</para>
/// </remarks>
public sealed class PayloadValue
{
    /// <summary>How JSON is written here: letters beyond ASCII stay readable, as elsewhere.</summary>
    internal static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * TemplateBounds.JsonDepth };

    private readonly PayloadPart _part;
    private readonly AttributesRead _read;
    private readonly byte[]? _constant;
    private readonly byte[]? _fallback;

    private PayloadValue(PayloadDataType type, PayloadPart part, AttributesRead read, PayloadFallback use, ConstantPart? fallback)
    {
        (DataType, _part, _read, Fallback) = (type, part, read, use);
        _constant = part is ConstantPart constant ? Wrap(constant) : null;
        _fallback = fallback is null ? null : Wrap(fallback);
    }

    /// <summary>What clients read it as.</summary>
    public PayloadDataType DataType { get; }

    /// <summary>What becomes of it when it cannot be rendered.</summary>
    public PayloadFallback Fallback { get; }

    /// <summary>Whether it is the same for everybody.</summary>
    public bool IsConstant => _constant is not null;

    /// <summary>Of a constant, <c>{"value":…,"data_type":"…"}</c> in UTF-8; otherwise empty.</summary>
    public ReadOnlyMemory<byte> Constant => _constant;

    /// <summary>The customer's attributes that it reads, by name.</summary>
    public IReadOnlySet<string> UserAttributes => _read.User;

    /// <summary>The attributes of the request that it reads, by name.</summary>
    public IReadOnlySet<string> RequestAttributes => _read.Request;

    /// <summary>Compiles a variable.</summary>
    /// <param name="variable">Its object. What is neither <c>data_type</c>, <c>value</c> nor <c>fallback</c> is passed over.</param>
    /// <param name="errors">Receives everything that is wrong; paths begin at the variable.</param>
    /// <returns>Null when something is wrong.</returns>
    public static PayloadValue? Compile(JsonElement variable, ICollection<TemplateError> errors)
    {
        var found = new List<TemplateError>();
        var compiled = variable.ValueKind == JsonValueKind.Object ? CompileObject(variable, found) : null;
        if (variable.ValueKind != JsonValueKind.Object)
        {
            found.Add(new TemplateError("", 0, 0, "A variable is an object with 'data_type' and 'value'."));
        }

        found.ForEach(errors.Add);
        return found.Count == 0 ? compiled : null;
    }

    /// <summary>
    /// Writes <c>{"value":…,"data_type":"…"}</c>: rendered, or with the fallback where that fails.
    /// </summary>
    /// <param name="data">What the templates can read.</param>
    /// <param name="target">Receives all of it or nothing.</param>
    /// <param name="failure">Why it could not be rendered, as one sentence; null when it was.</param>
    /// <returns>False when the experience is not to be delivered (<c>PERSONALIZATION_FAILED</c>).</returns>
    public bool TryRender(TemplateData data, IBufferWriter<byte> target, out string? failure)
    {
        failure = null;
        if (_constant is not null)
        {
            target.Write(_constant);
            return true;
        }

        var value = new ArrayBufferWriter<byte>(256);
        try
        {
            using var writer = new Utf8JsonWriter(value, Writing);
            _part.Write(writer, new TemplateRun(data));
            PayloadPart.Check(writer, "/value");
        }
        catch (TemplateFailureException fault)
        {
            failure = $"{fault.Message}.";
            target.Write(_fallback);
            return _fallback is not null;
        }

        Wrap(value.WrittenSpan, DataType, target);
        return true;
    }

    private static PayloadValue? CompileObject(JsonElement variable, List<TemplateError> errors)
    {
        var type = variable.TryGetProperty("data_type"u8, out var word) && word.ValueKind == JsonValueKind.String ? PayloadDataTypes.Of(word.GetString()) : null;
        var fallback = WrittenFallback.Read(variable, errors);
        var hasValue = variable.TryGetProperty("value"u8, out var value);
        if (type is null)
        {
            errors.Add(new TemplateError("/data_type", 0, 0, "'data_type' is string, number, boolean, float or json."));
        }

        if (!hasValue)
        {
            errors.Add(new TemplateError("/value", 0, 0, "'value' is wanted."));
        }

        if (type is not { } known || !hasValue || errors.Count > 0)
        {
            return null;
        }

        var compilation = new PayloadCompilation(errors);
        var part = compilation.Compile(known, value, "/value");
        var instead = FallbackPart(compilation, known, value, fallback, errors);
        return part is null ? null : new PayloadValue(known, part, compilation.Read, fallback.Use, instead);
    }

    private static ConstantPart? FallbackPart(PayloadCompilation compilation, PayloadDataType type, JsonElement value, WrittenFallback fallback, List<TemplateError> errors)
    {
        switch (fallback.Use, type)
        {
            case (PayloadFallback.Text, _):
                var text = compilation.Compile(type, fallback.Text, "/fallback/text", liquid: false);
                if (text is not (null or ConstantPart))
                {
                    errors.Add(new TemplateError("/fallback/text", 0, 0, "A fallback is taken as it is and cannot hold Liquid."));
                }

                return text as ConstantPart;
            case (PayloadFallback.Empty, PayloadDataType.Text):
                return new ConstantPart("\"\""u8.ToArray());
            case (PayloadFallback.Empty, PayloadDataType.Json):
                return new ConstantPart((value.ValueKind switch { JsonValueKind.Object => "{}"u8, JsonValueKind.Array => "[]"u8, _ => "null"u8 }).ToArray());
            case (PayloadFallback.Empty, _):
                errors.Add(new TemplateError("/fallback/use", 0, 0, "A number or a boolean has no empty value; use a text, such as 0 or false, or do_not_deliver."));
                return null;
            default:
                return null;
        }
    }

    private byte[] Wrap(ConstantPart constant)
    {
        var target = new ArrayBufferWriter<byte>();
        Wrap(constant.Json.Span, DataType, target);
        return target.WrittenSpan.ToArray();
    }

    private static void Wrap(ReadOnlySpan<byte> value, PayloadDataType type, IBufferWriter<byte> target)
    {
        target.Write("{\"value\":"u8);
        target.Write(value);
        target.Write(",\"data_type\":\""u8);
        target.Write(type.Word());
        target.Write("\"}"u8);
    }
}
