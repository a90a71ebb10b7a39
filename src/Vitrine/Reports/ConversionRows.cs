using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Journal.Records;
using Vitrine.Reports.Pages;

namespace Vitrine.Reports;

/// <summary>Puts what an experience brought about beside its figures.</summary>
/// <remarks>
/// A conversion belongs where its touch does: to the group, the bucket and the day of the impression or click that it
/// counts for. So a group's conversions are a part of its impressions or clicks, and those of two ranges that follow each
/// other add up.
/// </remarks>
internal sealed class ConversionRows
{
    private readonly ExperienceQuestion _question;
    private readonly ExperienceGoals _goals;
    private readonly ExperienceContexts _contexts;
    private readonly ExperienceGroups _groups;
    private readonly int[] _variations;
    private readonly TimeBuckets _days;
    private readonly TimeBuckets? _buckets;
    private readonly Dictionary<(int Group, long? Bucket), ConversionTally> _tallies = [];
    private readonly HashSet<(ConversionTally Tally, int Goal, int Currency, int Variation, long Day)> _ofCustomer = [];
    private readonly Func<ConversionTally, int, int, bool> _isNew;
    private (int Variation, long Day) _place;
    private int _customer;

    private ConversionRows(ExperienceQuestion question, ExperienceGoals goals, ExperienceContexts contexts, ExperienceGroups groups)
    {
        (_question, _goals, _contexts, _groups) = (question, goals, contexts, groups);
        var variations = contexts.All.Select(static context => context.VariationId).Distinct().ToList();
        _variations = [.. contexts.All.Select(context => variations.IndexOf(context.VariationId))];
        _days = new TimeBuckets(ReportScale.Day, question.Range.Zone);
        _buckets = question.Scale is { } scale ? new TimeBuckets(scale, question.Range.Zone) : null;
        _isNew = (tally, goal, currency) => _ofCustomer.Add((tally, goal, currency, _place.Variation, _place.Day));
    }

    /// <summary>The rows with their conversions.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="connection">In a transaction.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="goals">What is looked for.</param>
    /// <param name="rawFrom">Unix seconds: what counted for earlier impressions and clicks is kept by hours, and those that come late get no conversions, which others may have. Null: no such moment.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TooManyGoalEventsException">There are more goal events than an answer can look at.</exception>
    public static List<ReportRow> Into(
        IReadOnlyList<ReportRow> rows, DuckDBConnection connection, ExperienceQuestion question, ExperienceGoals goals, long? rawFrom, CancellationToken stop)
    {
        var environment = ReportSql.EnvironmentNumber(connection, question.EnvironmentId);
        var contexts = ExperienceContexts.Read(connection, environment, question.ExperienceId);
        var asksTarget = question.By.Any(static dimension => dimension.Of == DimensionOf.ClickTarget);
        var targets = asksTarget ? ClickTargetOrder.Read(connection, environment) : ClickTargetOrder.None;
        var (from, to) = (Math.Max(question.Range.FromSeconds, rawFrom ?? 0), question.Range.ToSeconds);
        var until = to + question.Attribution.WindowSeconds(goals.WindowHours) + 1;
        var events = GoalEvents.Read(connection, environment, goals, from, until, stop);
        var attribution = new Attribution(events, question.Attribution, goals.WindowHours, targets);
        if (!events.All.IsEmpty)
        {
            TouchScan.Read(connection, contexts, from, until, asksTarget, [attribution], stop);
        }

        var conversions = new ConversionRows(question, goals, contexts, ExperienceGroups.Read(connection, question, environment));
        attribution.Tell(from, to, conversions.Add);
        return conversions.Into(rows, connection, environment, events.Currencies);
    }

    private void Add(in GoalEvent goal, in Touch touch)
    {
        if (goal.Customer != _customer)
        {
            _ofCustomer.Clear();
            _customer = goal.Customer;
        }

        _place = (_variations[touch.Context], _days.Of(touch.Time));
        Tally(-1, null).Add(in goal, _isNew);
        var group = _question.By.Count == 0 ? 0 : _groups.GroupOf(
            new CellKey(_contexts.All[touch.Context].Number, touch.ClickTarget, (byte)touch.Platform, (byte)touch.Action));
        if (_question.By.Count > 0)
        {
            Tally(group, null).Add(in goal, _isNew);
        }

        if (_buckets is not null)
        {
            Tally(group, _buckets.Of(touch.Time)).Add(in goal, _isNew);
        }
    }

    private ConversionTally Tally(int group, long? bucket)
    {
        if (!_tallies.TryGetValue((group, bucket), out var tally))
        {
            _tallies.Add((group, bucket), tally = new ConversionTally(_goals.Goals.Count));
        }

        return tally;
    }

    private List<ReportRow> Into(IReadOnlyList<ReportRow> rows, DuckDBConnection connection, int environment, IReadOnlyList<string?> currencies)
    {
        var values = _groups.Values(connection, environment);
        var tallies = _tallies.ToDictionary(
            one => (one.Key.Group < 0 || _question.By.Count == 0 ? "" : ReportRow.KeyOf(values[one.Key.Group]), one.Key.Group >= 0 && _question.By.Count > 0, one.Key.Bucket),
            static one => one.Value);
        var none = new ConversionTally(_goals.Goals.Count);
        return [.. rows.Select(row =>
        {
            var tally = tallies.GetValueOrDefault((row.IsGroup ? row.Key : "", row.IsGroup, row.IsBucket ? row.Bucket : (long?)null), none);
            var touches = _question.Attribution.Touch() == EventAction.Impression ? row.Figures.Impressions : row.Figures.Clicks;
            return row with { Figures = row.Figures with { Goals = tally.Figures(_goals.Goals, currencies, touches) } };
        })];
    }
}
