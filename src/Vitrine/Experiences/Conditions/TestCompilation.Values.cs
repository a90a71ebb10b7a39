using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

internal sealed partial class TestCompilation
{
    private const long Day = 86_400_000;
    private const int MostDays = 36_500;

    /// <summary>Whether a value is a text that is not too long, and else says so.</summary>
    private bool TryText(JsonElement one, string path, string expected, [NotNullWhen(true)] out string? text)
    {
        if (!JsonText.TryRead(one, out text))
        {
            refuse(path, one.ValueKind == JsonValueKind.String
                ? "must be Unicode text; it has half of a surrogate pair"
                : $"must be {expected} for {name}; it is {Describe(one)}");
        }
        else if (JsonText.Length(text) > ConditionCompiler.MaximumText)
        {
            refuse(path, $"must have at most {ConditionCompiler.MaximumText} characters; it has {JsonText.Length(text)}");
            text = null;
        }

        return text is not null;
    }

    /// <summary>Whether a value is a number that a double can hold, and else says so.</summary>
    private bool TryNumber(JsonElement one, string path, out double number)
    {
        if (one.TryGetDouble(out number) && double.IsFinite(number))
        {
            return true;
        }

        refuse(path, "must be a number of at most 1.7e308");
        return false;
    }

    /// <summary>Whether a value is a text, a number or a boolean, and else says so. Numbers have no text.</summary>
    private bool TryScalar(JsonElement one, string path, string advice, out double number, out string? text)
    {
        (number, text) = (0, null);
        switch (one.ValueKind)
        {
            case JsonValueKind.Number:
                return TryNumber(one, path, out number);
            case JsonValueKind.True or JsonValueKind.False:
                text = one.ValueKind == JsonValueKind.True ? "true" : "false";
                return true;
            default:
                return TryText(one, path, $"a text, a number or a boolean{advice}", out text);
        }
    }

    private bool TryDate(JsonElement one, string path, out long first, out long last)
    {
        (first, last) = (0, 0);
        if (one.ValueKind == JsonValueKind.Number && one.TryGetDouble(out var number) && Dates.TryRead(number, out first))
        {
            last = first;
            return true;
        }

        if (JsonText.TryRead(one, out var text) && Dates.TryRead(Encoding.UTF8.GetBytes(text), zone, out first, out last))
        {
            return true;
        }

        refuse(path, $"must be a date for {name}: a text such as 2026-11-24 or 2026-11-24T18:30:00+05:30, or Unix seconds as a number; it is {Describe(one)}");
        return false;
    }

    private bool TryDays(out long milliseconds)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var days) && days is >= 1 and <= MostDays)
        {
            milliseconds = days * Day;
            return true;
        }

        milliseconds = 0;
        refuse("", $"must be a whole number of days from 1 to {MostDays} for {name}; it is {Describe(value)}");
        return false;
    }
}
