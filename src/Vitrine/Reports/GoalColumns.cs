namespace Vitrine.Reports;

/// <summary>The columns that a table needs for the goals of an experience: the same for every row.</summary>
internal sealed class GoalColumns
{
    private static readonly string[] RevenueColumns = ["revenue", "aov", "revenue_per_user"];

    private readonly List<(string Goal, List<string?>? Currencies)> _goals = [];

    /// <summary>Finds out which goals and currencies there are.</summary>
    public GoalColumns(IEnumerable<Figures> all)
    {
        foreach (var goal in all.SelectMany(static figures => figures.Goals ?? []))
        {
            var known = _goals.Find(one => one.Goal == goal.Goal);
            if (known.Goal is null)
            {
                _goals.Add(known = (goal.Goal, goal.Revenue is null ? null : []));
            }

            known.Currencies?.AddRange((goal.Revenue ?? []).Select(static one => one.Currency).Except(known.Currencies));
        }
    }

    /// <summary>The names of the columns.</summary>
    public IEnumerable<string> Names => _goals.SelectMany(static goal => (IEnumerable<string>)
    [
        $"{goal.Goal} conversions",
        $"{goal.Goal} unique_conversions",
        $"{goal.Goal} cvr",
        .. (goal.Currencies ?? []).SelectMany(currency => RevenueColumns.Select(name => $"{goal.Goal} {name} {currency}".TrimEnd())),
        .. goal.Currencies is null ? Array.Empty<string>() : [$"{goal.Goal} without_revenue"],
    ]);

    /// <summary>The fields of a row.</summary>
    public IEnumerable<string?> Fields(Figures figures) => _goals.SelectMany(goal => Fields(goal.Currencies, figures.Goals!.First(one => one.Goal == goal.Goal)));

    private static IEnumerable<string?> Fields(List<string?>? currencies, GoalFigures figures) =>
    [
        CsvTable.Number(figures.Conversions),
        CsvTable.Number(figures.UniqueConversions),
        CsvTable.Number(figures.ConversionRate),
        .. (currencies ?? []).SelectMany(currency => Fields(figures.Revenue!.FirstOrDefault(one => one.Currency == currency))),
        .. currencies is null ? Array.Empty<string?>() : [CsvTable.Number(figures.WithoutRevenue)],
    ];

    private static IEnumerable<string?> Fields(RevenueFigures? revenue) =>
        [CsvTable.Number(revenue?.Revenue ?? 0), CsvTable.Number(revenue?.AverageOrderValue), CsvTable.Number(revenue?.RevenuePerUser)];
}
