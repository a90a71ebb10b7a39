namespace Vitrine.Dashboard.Authoring;

/// <summary>What the parts of conditions are called for people, in the order in which they are offered.</summary>
internal static class ConditionWords
{
    /// <summary>Where to look.</summary>
    public static IReadOnlyList<(string Value, string Words)> Sources { get; } =
    [
        ("user", "profile"), ("behaviour", "behaviour"), ("request", "request"), ("device", "device"), ("geo", "place"), ("time", "time"),
    ];

    /// <summary>Where to look for a goal.</summary>
    public static IReadOnlyList<(string Value, string Words)> EventSources { get; } = [("event", "event")];

    /// <summary>What is asked.</summary>
    public static IReadOnlyList<(string Value, string Words)> Operators { get; } =
    [
        ("equals", "is"), ("not_equals", "is not"), ("in", "is one of"), ("not_in", "is none of"),
        ("contains", "contains"), ("not_contains", "does not contain"), ("starts_with", "starts with"), ("ends_with", "ends with"), ("matches", "matches"),
        ("exists", "is there"), ("not_exists", "is not there"),
        ("gt", "is greater than"), ("gte", "is at least"), ("lt", "is less than"), ("lte", "is at most"), ("between", "is between"),
        ("before", "is before"), ("after", "is after"), ("within_last_days", "in the last days"), ("within_next_days", "in the next days"),
        ("semver_gt", "is a version after"), ("semver_gte", "is at least version"), ("semver_lt", "is a version before"), ("semver_lte", "is at most version"), ("semver_equals", "is version"),
    ];

    /// <summary>Whether an operator compares with nothing.</summary>
    public static bool TakesNothing(string @operator) => @operator is "exists" or "not_exists";

    /// <summary>Whether an operator compares with several values.</summary>
    public static bool TakesList(string @operator) => @operator is "in" or "not_in" or "between";

    /// <summary>What a condition is called for people.</summary>
    public static string Of(IReadOnlyList<(string Value, string Words)> words, string? value) =>
        words.FirstOrDefault(one => one.Value == value).Words ?? value ?? "";
}
