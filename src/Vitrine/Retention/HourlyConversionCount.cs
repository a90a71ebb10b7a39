using DuckDB.NET.Data;
using NodaTime;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Journal.Records;
using Vitrine.Reports;

namespace Vitrine.Retention;

/// <summary>Counts, before single events go, what goal events counted for among them: for each goal and each model.</summary>
/// <remarks>
/// It is counted as in the reports, with the goals that experiences have now. A unique conversion, which is one of a
/// customer, variation and day, lies in the hour of the first: so hours can be added up.
/// </remarks>
internal sealed class HourlyConversionCount
{
    private readonly ExperienceContexts _contexts;
    private readonly string _experienceId;
    private readonly ExperienceGoals _goals;
    private readonly GoalEvents _events;
    private readonly Dictionary<int, string> _clickTargets;
    private readonly TimeBuckets _days;
    private readonly int _hourOffset;
    private readonly Dictionary<(HourlyPlace Place, int Goal, int Currency), Sum> _sums = [];
    private readonly HashSet<(int Goal, int Currency, string Variation, long Day)> _ofCustomer = [];
    private int _customer;

    private HourlyConversionCount(
        ExperienceContexts contexts, string experienceId, ExperienceGoals goals, GoalEvents events, Dictionary<int, string> clickTargets, DateTimeZone zone, int hourOffset)
    {
        (_contexts, _experienceId, _goals, _events, _clickTargets, _hourOffset) = (contexts, experienceId, goals, events, clickTargets, hourOffset);
        _days = new TimeBuckets(ReportScale.Day, zone);
    }

    /// <summary>Counts those of all experiences of an environment.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="experiences">Its experiences.</param>
    /// <param name="from">Unix seconds: of impressions and clicks before, conversions are counted already; those that come late get none.</param>
    /// <param name="until">Unix seconds: impressions and clicks before go.</param>
    /// <param name="zone">Whose days are meant.</param>
    /// <param name="hourOffset">Seconds to the east by which hours begin.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TooManyGoalEventsException">There are more goal events of an experience than can be looked at.</exception>
    public static IReadOnlyList<HourlyConversions> Read(
        DuckDBConnection connection, int environment, EnvironmentExperiences experiences, long from, long until, DateTimeZone zone, int hourOffset, CancellationToken stop)
    {
        var conversions = new List<HourlyConversions>();
        var clickTargets = new Lazy<(ClickTargetOrder Order, Dictionary<int, string> Names)>(() => (ClickTargetOrder.Read(connection, environment), ReadClickTargets(connection, environment)));
        foreach (var id in experiences.ByKey.Values.Select(static one => one.Experience.Id))
        {
            if (ExperienceGoals.Find(experiences, id) is not { } goals
                || ExperienceContexts.Read(connection, environment, id) is not { All.Count: > 0 } contexts)
            {
                continue;
            }

            var end = until + (Math.Max(goals.WindowHours * 3600L, AttributionModels.SessionSeconds)) + 1;
            var events = GoalEvents.Read(connection, environment, goals, from, end, stop);
            if (events.All.IsEmpty)
            {
                continue;
            }

            var attributions = Enum.GetValues<AttributionModel>().Select(model => (Model: model, Attribution: new Attribution(events, model, goals.WindowHours, clickTargets.Value.Order))).ToList();
            TouchScan.Read(connection, contexts, from, end, withClickTargets: true, [.. attributions.Select(static one => one.Attribution)], stop);
            foreach (var (model, attribution) in attributions)
            {
                var count = new HourlyConversionCount(contexts, id, goals, events, clickTargets.Value.Names, zone, hourOffset);
                attribution.Tell(from, until, count.Add);
                conversions.AddRange(count.Conversions((byte)model));
            }
        }

        return conversions;
    }

    private void Add(in GoalEvent goal, in Touch touch)
    {
        if (goal.Customer != _customer)
        {
            _ofCustomer.Clear();
            _customer = goal.Customer;
        }

        var context = _contexts.All[touch.Context];
        var hour = ((touch.Time + _hourOffset) / 3600 * 3600) - _hourOffset;
        var place = new HourlyPlace(
            hour, _experienceId, context.VariationId, context.AudienceId, context.LocaleId, touch.Platform, _clickTargets.GetValueOrDefault(touch.ClickTarget));
        var day = _days.Of(touch.Time);
        Add(place, in goal, -1, _ofCustomer.Add((goal.Goal, -1, context.VariationId, day)));
        if (goal.Currency >= 0)
        {
            Add(place, in goal, goal.Currency, _ofCustomer.Add((goal.Goal, goal.Currency, context.VariationId, day)));
        }
    }

    private void Add(HourlyPlace place, in GoalEvent goal, int currency, bool isNew)
    {
        if (!_sums.TryGetValue((place, goal.Goal, currency), out var sum))
        {
            _sums.Add((place, goal.Goal, currency), sum = new Sum());
        }

        sum.Conversions++;
        sum.Unique += isNew ? 1 : 0;
        sum.Amount += currency >= 0 ? goal.Amount : 0;
        sum.WithoutAmount += currency >= 0 && !goal.HasAmount ? 1 : 0;
    }

    private IEnumerable<HourlyConversions> Conversions(byte model) => _sums.Select(one => new HourlyConversions(
        one.Key.Place,
        model,
        _goals.Goals[one.Key.Goal].Name,
        one.Value.Conversions,
        one.Value.Unique,
        one.Key.Currency < 0 ? null : new HourlyRevenue(_events.Currencies[one.Key.Currency], one.Value.Amount, one.Value.WithoutAmount)));

    private static Dictionary<int, string> ReadClickTargets(DuckDBConnection connection, int environment)
    {
        using var command = ReportSql.Command(connection, "SELECT click_target, b_id FROM click_targets WHERE environment = $environment", ("environment", environment));
        using var reader = command.ExecuteReader();
        var names = new Dictionary<int, string>();
        while (reader.Read())
        {
            names.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return names;
    }

    private sealed class Sum
    {
        public long Conversions { get; set; }

        public long Unique { get; set; }

        public decimal Amount { get; set; }

        public long WithoutAmount { get; set; }
    }
}
