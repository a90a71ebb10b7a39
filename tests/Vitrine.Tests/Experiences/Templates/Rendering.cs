using System.Buffers;
using System.Text;
using System.Text.Json;
using NodaTime;
using Vitrine.Experiences.Templates;

namespace Vitrine.Tests.Experiences.Templates;

/// <summary>Compiles and renders payload variables for these tests.</summary>
internal static class Rendering
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 22, 30, 15, TimeSpan.Zero);

    public static DateTimeZone Berlin { get; } = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    public static TemplateData Data(string user = "{}", string request = "{}", string? customerId = "c-1", DateTimeZone? zone = null) =>
        new(Encoding.UTF8.GetBytes(user), Encoding.UTF8.GetBytes(request), customerId, Now, zone ?? Berlin);

    /// <summary>A variable as a document holds it.</summary>
    public static string Variable(string template, string type = "string", string fallback = "null") =>
        $$"""{"data_type": "{{type}}", "value": {{JsonSerializer.Serialize(template)}}, "fallback": {{fallback}}}""";

    public static PayloadValue Compile(string variable)
    {
        var errors = Errors(variable, out var compiled);
        errors.ShouldBeEmpty();
        return compiled.ShouldNotBeNull();
    }

    public static List<TemplateError> Errors(string variable, out PayloadValue? compiled)
    {
        var errors = new List<TemplateError>();
        using var document = JsonDocument.Parse(variable);
        compiled = PayloadValue.Compile(document.RootElement, errors);
        return errors;
    }

    public static TemplateError Error(string variable) => Errors(variable, out _).ShouldHaveSingleItem();

    /// <summary>The value that a variable renders to, as JSON.</summary>
    public static string Value(string variable, string user = "{}", string request = "{}", DateTimeZone? zone = null)
    {
        var (delivered, json, failure) = Render(Compile(variable), Data(user, request, zone: zone));
        failure.ShouldBeNull();
        delivered.ShouldBeTrue();
        return ValueOf(json);
    }

    /// <summary>The text that a template of the data type string renders to.</summary>
    public static string Text(string template, string user = "{}", string request = "{}", DateTimeZone? zone = null) =>
        JsonSerializer.Deserialize<string>(Value(Variable(template), user, request, zone))!;

    /// <summary>Why a template cannot be rendered.</summary>
    public static string Failure(string template, string user = "{}", string type = "string", string request = "{}")
    {
        var (delivered, json, failure) = Render(Compile(Variable(template, type)), Data(user, request));
        delivered.ShouldBeFalse();
        json.ShouldBeEmpty();
        return failure.ShouldNotBeNull();
    }

    public static (bool Delivered, string Json, string? Failure) Render(PayloadValue value, TemplateData data)
    {
        var target = new ArrayBufferWriter<byte>();
        var delivered = value.TryRender(data, target, out var failure);
        return (delivered, Encoding.UTF8.GetString(target.WrittenSpan), failure);
    }

    public static string ValueOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("value").GetRawText();
    }
}
