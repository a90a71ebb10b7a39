using Vitrine.Conversions;

namespace Vitrine.Reports;

/// <summary>Adds up the conversions of one group, of one of its buckets, or of the whole.</summary>
internal sealed class ConversionTally(int goals)
{
    private readonly GoalTally[] _goals = [.. Enumerable.Range(0, goals).Select(static _ => new GoalTally())];

    /// <summary>Adds a conversion.</summary>
    /// <param name="goal">The goal event.</param>
    /// <param name="isNew">Whether the customer had none yet of this goal, variation and day; asked again for the currency.</param>
    public void Add(in GoalEvent goal, Func<ConversionTally, int, int, bool> isNew)
    {
        var tally = _goals[goal.Goal];
        tally.Conversions++;
        tally.UniqueConversions += isNew(this, goal.Goal, -1) ? 1 : 0;
        if (goal.Currency >= 0)
        {
            tally.WithoutAmount += goal.HasAmount ? 0 : 1;
            var revenue = tally.Of(goal.Currency);
            revenue.Amount += goal.Amount;
            revenue.Conversions++;
            revenue.UniqueConversions += isNew(this, goal.Goal, goal.Currency) ? 1 : 0;
        }
    }

    /// <summary>The figures, goal by goal.</summary>
    /// <param name="goals">The goals.</param>
    /// <param name="currencies">What the numbers of currencies mean.</param>
    /// <param name="touches">Impressions or clicks, of which the conversions are a part.</param>
    public IReadOnlyList<GoalFigures> Figures(IReadOnlyList<Goal> goals, IReadOnlyList<string?> currencies, long touches) =>
        [.. goals.Select((goal, index) => _goals[index].Figures(goal, currencies, touches))];

    private sealed class GoalTally
    {
        private readonly List<RevenueTally> _revenues = [];

        public long Conversions { get; set; }

        public long UniqueConversions { get; set; }

        public long WithoutAmount { get; set; }

        public RevenueTally Of(int currency)
        {
            var revenue = _revenues.Find(one => one.Currency == currency);
            if (revenue is null)
            {
                _revenues.Add(revenue = new RevenueTally(currency));
            }

            return revenue;
        }

        public GoalFigures Figures(Goal goal, IReadOnlyList<string?> currencies, long touches)
        {
            var figures = new GoalFigures(
                goal.Name, Conversions, UniqueConversions, touches == 0 ? null : 100.0 * UniqueConversions / touches);
            return !goal.HasAmounts ? figures : figures with
            {
                Revenue = RevenueFigures.InOrder(goal.Currency, _revenues
                    .Select(one => new RevenueFigures(currencies[one.Currency], one.Amount, one.Conversions, one.UniqueConversions))),
                WithoutRevenue = WithoutAmount,
            };
        }
    }

    private sealed class RevenueTally(int currency)
    {
        public int Currency { get; } = currency;

        public decimal Amount { get; set; }

        public long Conversions { get; set; }

        public long UniqueConversions { get; set; }
    }
}
