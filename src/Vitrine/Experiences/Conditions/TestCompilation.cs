using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>Makes the <see cref="Test"/> of a leaf's operator and value, or says what is wrong with the value.</summary>
/// <param name="subject">What the leaf is about.</param>
/// <param name="zone">The time zone of dates that do not say theirs.</param>
/// <param name="name">The operator's name.</param>
/// <param name="asked">The operator, without its negation.</param>
/// <param name="ignoreCase">Whether texts are compared without regard to case.</param>
/// <param name="value">The leaf's value; undefined when it has none.</param>
/// <param name="refuse">Takes the pointer within the value and the reason.</param>
internal sealed partial class TestCompilation(
    Subject subject, ZoneOffsets zone, string name, Operators asked, bool ignoreCase, JsonElement value, Action<string, string> refuse)
{
    /// <summary>The test; null when there is none, because existence is asked, or because there is an error.</summary>
    public Test? Compile() => asked switch
    {
        Operators.Exists => Existence(),
        _ when value.ValueKind == JsonValueKind.Undefined => Refuse("", $"is missing: {name} needs one"),
        Operators.Equal => Equal(),
        Operators.In => In(),
        Operators.Contains => Contains(),
        Operators.StartsWith => Part(TextPlace.Start),
        Operators.EndsWith => Part(TextPlace.End),
        Operators.Matches => Match(),
        Operators.Greater => Compare(Order.Greater),
        Operators.GreaterOrEqual => Compare(Order.Greater | Order.Equal),
        Operators.Less => Compare(Order.Less),
        Operators.LessOrEqual => Compare(Order.Less | Order.Equal),
        Operators.Between => Between(),
        Operators.Before => TryDate(value, "", out var first, out _) ? new DateRange(zone, Dates.Earliest, first - 1, isRelative: false) : null,
        Operators.After => TryDate(value, "", out _, out var last) ? new DateRange(zone, last + 1, Dates.Latest, isRelative: false) : null,
        Operators.WithinLastDays => TryDays(out var days) ? new DateRange(zone, -days, 0, isRelative: true) : null,
        Operators.WithinNextDays => TryDays(out var days) ? new DateRange(zone, 0, days, isRelative: true) : null,
        Operators.NewerVersion => Version(Order.Greater),
        Operators.NewerOrEqualVersion => Version(Order.Greater | Order.Equal),
        Operators.OlderVersion => Version(Order.Less),
        Operators.OlderOrEqualVersion => Version(Order.Less | Order.Equal),
        Operators.EqualVersion => Version(Order.Equal),
        _ => throw new ArgumentOutOfRangeException(nameof(asked), asked, null),
    };

    private Ordered? Existence()
    {
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            Refuse("", $"must be absent: {name} takes none");
        }

        return subject.IsCount ? new Ordered(Order.Greater, 0) : null;
    }

    private Test? Refuse(string path, string reason)
    {
        refuse(path, reason);
        return null;
    }

    /// <summary>Whether the value, or one of its elements, can be the subject's at all.</summary>
    private bool CheckPossible(JsonElement one, string path)
    {
        var isPossible = subject.IsPossible(one, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        if (!isPossible)
        {
            Refuse(path, $"must be {subject.Possible} for {subject.Description}; it is {Describe(one)}");
        }

        return isPossible;
    }

    /// <summary>A value as an error shows it.</summary>
    private static string Describe(JsonElement one) => one.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => JsonText.TryRead(one, out var text) ? $"'{(text.Length <= 40 ? text : text[..40] + "…")}'" : "no Unicode text",
        JsonValueKind.Null => "null",
        _ => one.GetRawText() is { Length: <= 40 } raw ? raw : "a long number",
    };
}
