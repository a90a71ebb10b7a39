using System.Globalization;
using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Projection;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>Everything that was read for an experiment's result.</summary>
/// <remarks>
/// The touches are read once, the goal events once, and what customers clicked before once where that is asked for. A
/// customer is a few dozen bytes in memory. Used by one thread.
/// </remarks>
internal sealed class ExperimentData
{
    private readonly ExperimentQuestion _question;
    private readonly int[] _conversions;
    private readonly decimal[] _amounts;
    private readonly decimal[] _before;

    private ExperimentData(ExperimentQuestion question, ExposedCustomers customers)
    {
        (_question, Customers) = (question, customers);
        _conversions = question.Metric.AsksGoal() ? new int[customers.All.Length] : [];
        _amounts = question.Metric == ExperimentMetric.RevenuePerUser ? new decimal[customers.All.Length] : [];
        _before = question.CovariateDays is null ? [] : new decimal[customers.All.Length];
    }

    /// <summary>The customers.</summary>
    public ExposedCustomers Customers { get; }

    /// <summary>Currencies of the goal's conversions that do not count.</summary>
    public List<string?> OtherCurrencies { get; } = [];

    /// <summary>Reads what is needed.</summary>
    public static ExperimentData Read(
        DuckDBConnection connection, ExperimentQuestion question, ExperienceContexts contexts, Predicate<string> isOwn, CancellationToken stop)
    {
        var (from, to) = (question.Range.FromSeconds, question.Range.ToSeconds);
        var customers = new ExposedCustomers(contexts, question.AudienceId, from, to, isOwn);
        if (!question.Metric.AsksGoal())
        {
            TouchScan.Read(connection, contexts, from, to, withClickTargets: false, [customers], stop);
            var data = new ExperimentData(question, customers);
            data.ReadClicksBefore(connection, contexts.Environment, stop);
            return data;
        }

        var until = to + question.WindowSeconds + 1;
        var asked = question.Goals!.Only(question.Goal, question.Metric == ExperimentMetric.RevenuePerUser);
        var goals = GoalEvents.Read(connection, contexts.Environment, asked, from - question.CovariateSeconds(), until, stop);
        var attribution = new Attribution(goals, question.Attribution, question.Goals!.WindowHours, ClickTargetOrder.None);
        TouchScan.Read(connection, contexts, from, until, withClickTargets: false, [customers, attribution], stop);
        var withGoals = new ExperimentData(question, customers);
        withGoals.Take(attribution, goals);
        return withGoals;
    }

    /// <summary>The sums of each variation in each group over the customers who count.</summary>
    /// <param name="strata">The groups.</param>
    /// <param name="cap">The value at which larger ones are taken to lie; null: they count as they are.</param>
    public MetricSums[][] Sums(Strata strata, out double? cap)
    {
        cap = Cap();
        var sums = Customers.Variations.Select(_ => Enumerable.Range(0, strata.Count).Select(static _ => new MetricSums()).ToArray()).ToArray();
        var all = Customers.All;
        for (var place = 0; place < all.Length; place++)
        {
            if (IsAnalysed(in all[place]))
            {
                var value = Math.Min(Value(in all[place], place), cap ?? double.MaxValue);
                sums[Customers.VariationOf[all[place].FirstContext]][strata.Of(in all[place])].Add(value, all[place].Impressions, _before.Length == 0 ? 0 : (double)_before[place]);
            }
        }

        return sums;
    }

    /// <summary>Whether a customer was shown one variation, and long enough ago where that is asked for.</summary>
    public bool IsAnalysed(in ExposedCustomer customer) =>
        customer.Impressions > 0 && !customer.SawSeveral && !IsWindowOpen(in customer);

    /// <summary>Whether a customer is left out because his attribution window has not passed yet.</summary>
    /// <remarks>Goal events are looked for behind the end of the range too, clicks are not.</remarks>
    public bool IsWindowOpen(in ExposedCustomer customer) =>
        _question.CompletedWindowsOnly && customer.FirstTime + _question.WindowSeconds > (_question.Metric.AsksGoal() ? _question.Now : _question.Until);

    private double Value(in ExposedCustomer customer, int place) => _question.Metric switch
    {
        ExperimentMetric.UniqueCtr => customer.Clicks > 0 ? 1 : 0,
        ExperimentMetric.Ctr or ExperimentMetric.ClicksPerUser => customer.Clicks,
        ExperimentMetric.Conversion => _conversions[place] > 0 ? 1 : 0,
        ExperimentMetric.ConversionsPerUser => _conversions[place],
        _ => (double)_amounts[place],
    };

    private double? Cap()
    {
        if (_question.Winsorise is not { } percentile)
        {
            return null;
        }

        var values = new List<double>();
        var all = Customers.All;
        for (var place = 0; place < all.Length; place++)
        {
            if (IsAnalysed(in all[place]))
            {
                values.Add(Value(in all[place], place));
            }
        }

        return values.Count == 0 ? null : Winsorisation.Cap(CollectionsMarshal.AsSpan(values), percentile);
    }

    private void Take(Attribution attribution, GoalEvents goals)
    {
        attribution.Tell(_question.Range.FromSeconds, _question.Range.ToSeconds, (in goal, in touch) =>
        {
            if (Customers.Counts(touch.Context) && Customers.PlaceOf(goal.Customer) is >= 0 and var place)
            {
                _conversions[place]++;
                if (_amounts.Length > 0)
                {
                    _amounts[place] += Counted(in goal, goals);
                    NoteCurrency(in goal, goals);
                }
            }
        });
        TakeBefore(goals);
    }

    /// <summary>What the same customers did of the goal before they were first exposed.</summary>
    private void TakeBefore(GoalEvents goals)
    {
        if (_question.CovariateDays is null)
        {
            return;
        }

        foreach (ref readonly var goal in goals.All)
        {
            if (Customers.PlaceOf(goal.Customer) is >= 0 and var place && IsBefore(place, goal.Time))
            {
                _before[place] += _question.Metric == ExperimentMetric.RevenuePerUser ? Counted(in goal, goals) : 1;
            }
        }
    }

    private decimal Counted(in GoalEvent goal, GoalEvents goals) => IsInCurrency(in goal, goals) ? goal.Amount : 0;

    private bool IsInCurrency(in GoalEvent goal, GoalEvents goals) => goal.Currency < 0 || goals.Currencies[goal.Currency] == _question.Currency;

    private void NoteCurrency(in GoalEvent goal, GoalEvents goals)
    {
        if (goal.Amount != 0 && !IsInCurrency(in goal, goals) && !OtherCurrencies.Contains(goals.Currencies[goal.Currency]))
        {
            OtherCurrencies.Add(goals.Currencies[goal.Currency]);
        }
    }

    /// <summary>What the same customers clicked before, of whatever experience.</summary>
    private void ReadClicksBefore(DuckDBConnection connection, int environment, CancellationToken stop)
    {
        if (_question.CovariateDays is null)
        {
            return;
        }

        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT customer, event_time FROM events WHERE environment = {environment} AND action = 1 AND event_time >= {_question.Range.FromSeconds - _question.CovariateSeconds()} AND event_time < {_question.Range.ToSeconds}");
        using var rows = new ChunkReader(connection, sql);
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            var customers = rows.Column<int>(0);
            var times = rows.Column<long>(1);
            for (var row = 0; row < rows.Rows; row++)
            {
                if (Customers.PlaceOf(customers[row]) is >= 0 and var place && IsBefore(place, times[row]))
                {
                    _before[place]++;
                }
            }
        }
    }

    private bool IsBefore(int place, long time)
    {
        ref readonly var customer = ref Customers.All[place];
        return customer.Impressions > 0 && time < customer.FirstTime && time >= customer.FirstTime - _question.CovariateSeconds();
    }
}
