using System.Globalization;

namespace Vitrine.Commands.Migration;

/// <summary>Figures of the same things in several places, which have to be equal.</summary>
/// <param name="places">Where they were read.</param>
internal sealed class Proof(params IReadOnlyList<string> places)
{
    private const int LongestShown = 16;

    private readonly List<(string Name, string?[] Values)> _lines = [];

    /// <summary>Whether all are equal.</summary>
    public bool Holds => _lines.TrueForAll(static line => IsEqual(line.Values));

    /// <summary>Adds one thing, with its figure in each place; null where it is none of that place's.</summary>
    public void Add(string name, params string?[] values) => _lines.Add((name, values));

    /// <summary>As <see cref="Add(string, string?[])"/>, of numbers.</summary>
    public void Add(string name, params long?[] values) => Add(name, [.. values.Select(static value => value?.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>Adds what each place says, line by line; a line that a place lacks is a difference.</summary>
    public void Add(params IReadOnlyList<(string Name, string Value)>[] tallies)
    {
        for (var line = 0; line < tallies.Max(static tally => tally.Count); line++)
        {
            var names = tallies.Select(tally => line < tally.Count ? tally[line].Name : "").Distinct().Where(static name => name.Length > 0).ToList();
            Add(string.Join(" / ", names), [.. tallies.Select(tally => line < tally.Count && tally[line].Name == names[0] ? tally[line].Value : "–")]);
        }
    }

    /// <summary>The table, line by line.</summary>
    public IEnumerable<string> Table()
    {
        var width = _lines.Max(static line => line.Name.Length);
        yield return $"{"".PadRight(width)}  {string.Join("  ", places.Select(static place => place.PadLeft(LongestShown)))}";
        foreach (var (name, values) in _lines)
        {
            yield return $"{name.PadRight(width)}  {string.Join("  ", values.Select(static value => Short(value).PadLeft(LongestShown)))}{(IsEqual(values) ? "" : "  NOT EQUAL")}";
        }
    }

    private static bool IsEqual(string?[] values) => values.OfType<string>().Distinct().Count() <= 1;

    private static string Short(string? value) => value is null ? "" : value.Length <= LongestShown ? value : value[..(LongestShown - 1)] + "…";
}
