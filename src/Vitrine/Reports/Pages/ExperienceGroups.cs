using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Reports.Pages;

/// <summary>Tells which group of a report a cell belongs to.</summary>
internal sealed class ExperienceGroups
{
    private readonly IReadOnlyList<ReportDimension> _by;
    private readonly List<string?[]> _texts = [];
    private readonly Dictionary<int, int> _textsOfContext = [];
    private readonly Dictionary<(int Texts, int Platform, int ClickTarget), int> _numbers = [];

    private ExperienceGroups(IReadOnlyList<ReportDimension> by) => _by = by;

    /// <summary>The contexts of the experience, in order.</summary>
    public List<int> Contexts { get; } = [];

    /// <summary>Reads what the experience's contexts say.</summary>
    public static ExperienceGroups Read(DuckDBConnection connection, ExperienceQuestion question, int environment)
    {
        var groups = new ExperienceGroups(question.By);
        var columns = string.Concat(Of(question.By, DimensionOf.Context).Select(static dimension => ", " + dimension.Sql));
        using var command = ReportSql.Command(
            connection,
            $"SELECT c.context{columns} FROM contexts c WHERE c.environment = $environment AND c.experience_id = $experience ORDER BY 1",
            ("environment", environment),
            ("experience", question.ExperienceId));
        using var reader = command.ExecuteReader();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.Read())
        {
            string[] texts = [.. Enumerable.Range(1, reader.FieldCount - 1).Select(reader.GetString)];
            if (known.TryAdd(ReportRow.KeyOf(texts), groups._texts.Count))
            {
                groups._texts.Add(texts);
            }

            groups.Contexts.Add(reader.GetInt32(0));
            groups._textsOfContext.Add(reader.GetInt32(0), known[ReportRow.KeyOf(texts)]);
        }

        return groups;
    }

    /// <summary>The number of a cell's group, from 0.</summary>
    public int GroupOf(CellKey key)
    {
        var what = (
            _textsOfContext[key.Context],
            Has(DimensionOf.Platform) ? key.Platform : 0,
            Has(DimensionOf.ClickTarget) ? key.ClickTarget : 0);
        if (!_numbers.TryGetValue(what, out var number))
        {
            if (_numbers.Count == ReportRow.Maximum)
            {
                throw new ReportTooLargeException();
            }

            _numbers.Add(what, number = _numbers.Count);
        }

        return number;
    }

    /// <summary>The values of the dimensions, for each group that was asked for.</summary>
    public string?[][] Values(DuckDBConnection connection, int environment)
    {
        var clickTargets = ClickTargets(connection, environment);
        var values = new string?[_numbers.Count][];
        foreach (var ((texts, platform, clickTarget), number) in _numbers)
        {
            var next = 0;
            values[number] = [.. _by.Select(dimension => dimension.Of switch
            {
                DimensionOf.Platform => ReportDimension.Platforms[platform],
                DimensionOf.ClickTarget => clickTargets.GetValueOrDefault(clickTarget),
                _ => _texts[texts][next++],
            })];
        }

        return values;
    }

    private Dictionary<int, string> ClickTargets(DuckDBConnection connection, int environment)
    {
        var numbers = _numbers.Keys.Select(static what => what.ClickTarget).Where(static number => number > 0).Distinct().ToList();
        var names = new Dictionary<int, string>();
        if (numbers.Count == 0)
        {
            return names;
        }

        var list = string.Join(", ", numbers.Select(static number => number.ToString(CultureInfo.InvariantCulture)));
        using var command = ReportSql.Command(
            connection,
            $"SELECT click_target, b_id FROM click_targets WHERE environment = $environment AND click_target IN ({list})",
            ("environment", environment));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            names.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return names;
    }

    private bool Has(DimensionOf of) => _by.Any(dimension => dimension.Of == of);

    private static IEnumerable<ReportDimension> Of(IReadOnlyList<ReportDimension> by, DimensionOf of) =>
        by.Where(dimension => dimension.Of == of);
}
