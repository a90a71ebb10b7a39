using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

internal sealed partial class TestCompilation
{
    private EqualTo? Equal()
    {
        var advice = value.ValueKind switch
        {
            JsonValueKind.Array => " (for a list there is in)",
            JsonValueKind.Null => " (for what is missing there is not_exists)",
            _ => "",
        };
        return TryScalar(value, "", advice, out var number, out var text) && CheckPossible(value, "") ? EqualTo(number, text) : null;
    }

    private EqualTo EqualTo(double number, string? text) => text is null ? new EqualTo(number) : new EqualTo(text, ignoreCase);

    private Test? In()
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > ConditionCompiler.MaximumValues)
        {
            var actual = value.ValueKind == JsonValueKind.Array ? $"has {value.GetArrayLength()}" : $"is {Describe(value)}";
            return Refuse("", $"must be a list of 1 to {ConditionCompiler.MaximumValues} values for {name}; it {actual}");
        }

        var numbers = new List<double>();
        var texts = new List<string>();
        foreach (var (index, one) in value.EnumerateArray().Index())
        {
            var path = "/" + index.ToString(CultureInfo.InvariantCulture);
            if (!TryScalar(one, path, "", out var number, out var text) || !CheckPossible(one, path))
            {
                return null;
            }

            if (text is null)
            {
                numbers.Add(number);
            }
            else
            {
                texts.Add(text);
            }
        }

        return new OneOf(numbers, texts, ignoreCase);
    }

    private Containing? Contains()
    {
        if (!TryScalar(value, "", "", out var number, out var text))
        {
            return null;
        }

        var isText = value.ValueKind == JsonValueKind.String;
        return isText && !CheckLength(text!) ? null
            : new Containing(isText ? new TextTest(TextPlace.Anywhere, text!, ignoreCase) : null, EqualTo(number, text));
    }

    private TextTest? Part(TextPlace place) =>
        TryText(value, "", "a text", out var text) && CheckLength(text) ? new TextTest(place, text, ignoreCase) : null;

    private Test? Match()
    {
        if (!TryText(value, "", "a text", out var pattern) || !CheckLength(pattern))
        {
            return null;
        }

        return JsonText.Length(pattern) > ConditionCompiler.MaximumPattern
            ? Refuse("", $"must have at most {ConditionCompiler.MaximumPattern} characters for {name}; it has {JsonText.Length(pattern)}")
            : Matching.Compile(pattern, ignoreCase, out var reason) ?? Refuse("", reason);
    }

    private bool CheckLength(string text)
    {
        if (text.Length == 0)
        {
            Refuse("", $"must not be empty for {name}: every text has an empty one in it (for any text there is exists)");
        }

        return text.Length > 0;
    }

    private Test? Compare(Order accepted)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return TryNumber(value, "", out var number) && CheckPossible(value, "") ? new Ordered(accepted, number) : null;
        }

        var dates = Dates.TryRead(JsonText.TryRead(value, out var date) ? Encoding.UTF8.GetBytes(date) : [], zone, out _, out _);
        return dates ? Refuse("", $"must be a number or a text that is no date for {name} (for dates there are before, after and between); it is {Describe(value)}")
            : TryText(value, "", "a number or a text", out var text) && CheckPossible(value, "") ? new Ordered(accepted, text)
            : null;
    }

    private Test? Between()
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
        {
            return Refuse("", $"must be a list of two numbers or two dates for {name}; it is {Describe(value)}");
        }

        return value[0].ValueKind == JsonValueKind.Number && value[1].ValueKind == JsonValueKind.Number ? BetweenNumbers()
            : subject.Allowed.HasFlag(Operators.Before) ? BetweenDates()
            : Refuse("", $"must be a list of two numbers for {name} of {subject.Description}");
    }

    private Test? BetweenNumbers()
    {
        if (!TryNumber(value[0], "/0", out var from) || !TryNumber(value[1], "/1", out var to)
            || !CheckPossible(value[0], "/0") || !CheckPossible(value[1], "/1"))
        {
            return null;
        }

        return from <= to ? new NumberRange(from, to) : Refuse("", OutOfOrder);
    }

    private Test? BetweenDates()
    {
        if (value[0].ValueKind != value[1].ValueKind)
        {
            return Refuse("", $"must be a list of two numbers or two dates for {name}, not one of each");
        }

        if (!TryDate(value[0], "/0", out var from, out _) || !TryDate(value[1], "/1", out _, out var to))
        {
            return null;
        }

        return from <= to ? new DateRange(zone, from, to, isRelative: false) : Refuse("", OutOfOrder);
    }

    private const string OutOfOrder = "must begin with the lesser of the two (what goes over midnight is an any of two)";

    private Test? Version(Order accepted)
    {
        if (!TryText(value, "", "a version as a text", out var text))
        {
            return null;
        }

        return SemanticVersion.TryRead(Encoding.UTF8.GetBytes(text), out _)
            ? new VersionOrder(accepted, text)
            : Refuse("", $"must be a version such as 1.4.2 or 2.0.0-beta.1 for {name}; it is {Describe(value)}");
    }
}
