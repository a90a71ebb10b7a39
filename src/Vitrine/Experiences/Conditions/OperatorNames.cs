namespace Vitrine.Experiences.Conditions;

/// <summary>The operators by the names that conditions write.</summary>
internal static class OperatorNames
{
    private static readonly (string Name, Operators Operator, bool Negated)[] Table =
    [
        ("equals", Operators.Equal, false),
        ("not_equals", Operators.Equal, true),
        ("in", Operators.In, false),
        ("not_in", Operators.In, true),
        ("contains", Operators.Contains, false),
        ("not_contains", Operators.Contains, true),
        ("starts_with", Operators.StartsWith, false),
        ("ends_with", Operators.EndsWith, false),
        ("matches", Operators.Matches, false),
        ("exists", Operators.Exists, false),
        ("not_exists", Operators.Exists, true),
        ("gt", Operators.Greater, false),
        ("gte", Operators.GreaterOrEqual, false),
        ("lt", Operators.Less, false),
        ("lte", Operators.LessOrEqual, false),
        ("between", Operators.Between, false),
        ("before", Operators.Before, false),
        ("after", Operators.After, false),
        ("within_last_days", Operators.WithinLastDays, false),
        ("within_next_days", Operators.WithinNextDays, false),
        ("semver_gt", Operators.NewerVersion, false),
        ("semver_gte", Operators.NewerOrEqualVersion, false),
        ("semver_lt", Operators.OlderVersion, false),
        ("semver_lte", Operators.OlderOrEqualVersion, false),
        ("semver_equals", Operators.EqualVersion, false),
    ];

    /// <summary>The operator of a name, and whether the name asks for its opposite.</summary>
    public static bool TryFind(string name, out Operators found, out bool negated)
    {
        var index = Array.FindIndex(Table, entry => entry.Name == name);
        (found, negated) = index < 0 ? default : (Table[index].Operator, Table[index].Negated);
        return index >= 0;
    }

    /// <summary>The names of some operators, to be read.</summary>
    public static string List(Operators some) =>
        string.Join(", ", Table.Where(entry => some.HasFlag(entry.Operator)).Select(static entry => entry.Name));
}
