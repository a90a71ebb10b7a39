using System.Text.Json;
using CsCheck;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>Generates good conditions, as JSON, whose values are likely to meet those of <see cref="SomeScenes"/>.</summary>
internal static class SomeConditions
{
    private static readonly Gen<string> Text = SomeScenes.ShortText.Where(static text => text != "\"\"");
    private static readonly Gen<string> Scalar = Gen.Frequency((3, SomeScenes.ShortText), (2, SomeScenes.FiniteNumber), (1, SomeScenes.Boolean));
    private static readonly Gen<string> OrderedText = Gen.OneOf("gold", "Gold", "5", "10", "é", "\uFFFD", "😀", "").Select(Quote);
    private static readonly Gen<string> SmallNumber = Gen.OneOf("0", "5", "5.0", "10", "0.1", "-3", "100", "1e2");
    private static readonly Gen<string> Days = Gen.OneOf("1", "2", "7", "400", "36500");

    private static readonly Gen<string> Pattern = Gen.OneOf(
        "^g", "d$", "o.d", "[0-9]+", "^$|gold", "(?:go)+l", "\\d{4}-\\d{2}", "^.{1,3}$", "é|ß", "\\bcd", "k", "^(a|b)*x*g?$", "xgold").Select(Quote);

    private static readonly Gen<string> Date = Gen.OneOf(SomeScenes.DateText, SomeScenes.DateNumber);

    private static readonly Gen<string> NumberRange = Gen.Select(
        SmallNumber, SmallNumber, static (one, other) => double.Parse(one, null) <= double.Parse(other, null) ? $"[{one},{other}]" : $"[{other},{one}]");

    private static readonly Gen<string> DateRange = Gen.OneOf(
        """["2026-11-24","2026-11-24"]""", """["2026-11-23","2026-11-25"]""", """["2026-11-24T10:00:00Z","2026-11-24T15:30:00"]""",
        """["2026-11-01T05:00","2026-11-24T10:00:00+05:30"]""");

    private static readonly Gen<string> OfAttribute = Gen.OneOf(
        On("any", WithCase(Gen.Select(Gen.OneOf("equals", "not_equals"), Scalar, Operation))),
        On("any", WithCase(Gen.Select(Gen.OneOf("in", "not_in"), Scalar.Array[1, 5].Select(Join), Operation))),
        On("text", WithCase(Gen.Select(Gen.OneOf("contains", "not_contains"), Gen.OneOf(Text, Text, SmallNumber, SomeScenes.Boolean), Operation))),
        On("text", WithCase(Gen.Select(Gen.OneOf("starts_with", "ends_with"), Text, Operation))),
        On("text", WithCase(Gen.Select(Gen.Const("matches"), Pattern, Operation))),
        On("any", Gen.OneOf("exists", "not_exists").Select(static op => $"\"op\":\"{op}\"")),
        On("number", Gen.Select(Gen.OneOf("gt", "gte", "lt", "lte"), SmallNumber, Operation)),
        On("text", Gen.Select(Gen.OneOf("gt", "gte", "lt", "lte"), OrderedText, Operation)),
        On("number", Gen.Select(Gen.Const("between"), NumberRange, Operation)),
        On("date", Gen.Select(Gen.Const("between"), DateRange, Operation)),
        On("date", Gen.Select(Gen.OneOf("before", "after"), Date, Operation)),
        On("date", Gen.Select(Gen.OneOf("within_last_days", "within_next_days"), Days, Operation)),
        On("version", Gen.Select(Gen.OneOf("semver_gt", "semver_gte", "semver_lt", "semver_lte", "semver_equals"), SomeScenes.Version, Operation)));

    private static readonly Gen<string> OfTime = Gen.OneOf(
        WithCase(Gen.Select(Gen.OneOf("equals", "not_equals"), Day(), static (op, day) => "\"name\":\"day\"," + Operation(op, day))),
        Gen.Select(Gen.OneOf("in", "not_in"), Day().Array[1, 4].Select(Join), static (op, days) => "\"name\":\"day\"," + Operation(op, days)),
        Gen.Select(Gen.OneOf("equals", "not_equals", "gt", "gte", "lt", "lte"), Hour(), static (op, hour) => "\"name\":\"hour\"," + Operation(op, hour)),
        Gen.Select(Gen.Int[0, 23], Gen.Int[0, 23], static (one, other) => $"\"name\":\"hour\",\"op\":\"between\",\"value\":[{Math.Min(one, other)},{Math.Max(one, other)}]"));

    private static readonly Gen<string> OfDevice = Gen.OneOf(
        Named("type", "Mobile", "Desktop", "Bot"), Named("os", "Android", "macOS", "iOS"), Named("browser", "Chrome", "Safari", "Edge"));

    private static readonly Gen<string> OfPlace = Gen.OneOf(
        Named("country", "IN", "DE", "BR"), Named("region", "KA", "Karnataka", "São Paulo", "TN"), Named("city", "Bengaluru", "Campinas"));

    private static readonly Gen<string> OfBehaviour = Gen.Select(
        Gen.OneOf("bought", "seen", "unknown"),
        Gen.OneOf(
            Gen.OneOf("exists", "not_exists").Select(static op => $"\"op\":\"{op}\""),
            Gen.Select(Gen.OneOf("equals", "not_equals", "gt", "gte", "lt", "lte"), Gen.Int[0, 4].Select(static count => $"{count}"), Operation),
            Gen.Const("\"op\":\"between\",\"value\":[1,3]")),
        static (name, operation) => $"\"name\":\"{name}\",{operation}");

    private static readonly Gen<string> Leaf = Gen.Frequency(
        (6, Gen.Select(Gen.OneOf("user", "request", "event"), OfAttribute, static (source, rest) => $$"""{"source":"{{source}}",{{rest}}}""")),
        (1, OfTime.Select(static rest => $$"""{"source":"time",{{rest}}}""")),
        (1, OfDevice.Select(static rest => $$"""{"source":"device",{{rest}}}""")),
        (1, OfPlace.Select(static rest => $$"""{"source":"geo",{{rest}}}""")),
        (1, OfBehaviour.Select(static rest => $$"""{"source":"behaviour",{{rest}}}""")));

    /// <summary>Trees of up to five levels.</summary>
    public static Gen<string> Any { get; } = Gen.Recursive<string>(static (depth, tree) => depth >= 4
        ? Leaf
        : Gen.Frequency(
            (3, Leaf),
            (1, tree.Array[0, 4].Select(static parts => $$"""{"all":{{Join(parts)}}}""")),
            (1, tree.Array[1, 4].Select(static parts => $$"""{"any":{{Join(parts)}}}""")),
            (1, tree.Select(static part => $$"""{"not":{{part}}}"""))));

    /// <summary>Mostly about attributes whose values the operation is meant for.</summary>
    private static Gen<string> On(string name, Gen<string> operation) => Gen.Select(
        Gen.Frequency((6, Gen.Const(name)), (3, Gen.OneOf("any", "text", "number", "date", "version")), (1, Gen.Const("missing"))),
        operation,
        static (name, operation) => $"\"name\":\"{name}\",{operation}");

    private static Gen<string> Named(string name, params string[] values) => Gen.OneOf(
        WithCase(Gen.Select(Gen.OneOf("equals", "not_equals"), Gen.OneOf(values).Select(Quote), Operation)),
        WithCase(Gen.Select(Gen.OneOf("in", "not_in"), Gen.OneOf(values).Select(Quote).Array[1, 3].Select(Join), Operation)),
        WithCase(Gen.Select(Gen.OneOf("contains", "not_contains", "starts_with", "ends_with"), Gen.OneOf("a", "IN", "ro", "S", "ka").Select(Quote), Operation)),
        Gen.OneOf("exists", "not_exists").Select(static op => $"\"op\":\"{op}\"")).Select(operation => $"\"name\":\"{name}\",{operation}");

    private static Gen<string> Day() => Gen.OneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday").Select(Quote);

    private static Gen<string> Hour() => Gen.Int[0, 23].Select(static hour => $"{hour}");

    private static Gen<string> WithCase(Gen<string> operation) =>
        Gen.Select(operation, Gen.OneOf("", "", ",\"ignore_case\":true", ",\"ignore_case\":false"), static (one, ignoreCase) => one + ignoreCase);

    private static string Operation(string op, string value) => $"\"op\":\"{op}\",\"value\":{value}";

    private static string Join(string[] values) => $"[{string.Join(',', values)}]";

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
