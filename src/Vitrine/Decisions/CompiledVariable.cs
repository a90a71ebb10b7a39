using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using Vitrine.Experiences;
using Vitrine.Experiences.Templates;
using Vitrine.Journal;

namespace Vitrine.Decisions;

/// <summary>A variable of a payload, ready to be written.</summary>
/// <remarks>Immutable; any number of threads may write it at once.</remarks>
internal sealed class CompiledVariable
{
    private readonly byte[] _name;
    private readonly byte[] _constant;
    private readonly PayloadValue _value;
    private readonly DateTimeZone _zone;

    private CompiledVariable(string name, PayloadValue value, DateTimeZone zone)
    {
        (Name, _value, _zone) = (name, value, zone);
        _name = [(byte)'"', .. JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"', (byte)':'];
        _constant = [.. _name, .. value.Constant.Span];
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Whether its value depends on what the user is like.</summary>
    public bool AsksAboutUser => _value.UserAttributes.Count > 0;

    /// <summary>Compiles a variable.</summary>
    /// <exception cref="InvalidDataException">Its value cannot be compiled.</exception>
    public static CompiledVariable Of(string name, PayloadVariable variable, DateTimeZone zone)
    {
        var errors = new List<TemplateError>();
        var value = ExperienceLanguage.Compile(variable, errors);
        return value is null ? throw new InvalidDataException($"the variable {name}: {errors[0].Path} {errors[0].Reason}") : new CompiledVariable(name, value, zone);
    }

    /// <summary>Appends the member of the payload. False when it cannot be filled in and its experience is not to be delivered.</summary>
    public bool TryWrite(ByteWriter target, FetchRequest request)
    {
        if (_value.IsConstant)
        {
            target.WriteRaw(_constant);
            return true;
        }

        target.WriteRaw(_name);
        return _value.TryRender(request.TemplateData.In(_zone), target, out _);
    }

    /// <summary>Why it cannot be filled in as it is written; null when it can.</summary>
    public VariableExplanation? Explain(FetchRequest request)
    {
        if (_value.IsConstant)
        {
            return null;
        }

        _value.TryRender(request.TemplateData.In(_zone), new ByteWriter(), out var failure);
        return failure is null ? null : new VariableExplanation(Name, failure, JsonNamingPolicy.SnakeCaseLower.ConvertName(_value.Fallback.ToString()));
    }
}
