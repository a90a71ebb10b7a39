using System.Globalization;
using Microsoft.AspNetCore.Components;
using NodaTime;
using Vitrine.Conversions;
using Vitrine.Dashboard.Charts;
using Vitrine.Dashboard.Layout;
using Vitrine.Experiences;
using Vitrine.Experiments;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Pages;

/// <summary>One experience: what it did, for whom, and how sure that is.</summary>
public sealed partial class ExperiencePage
{
    private readonly Latest _ask = new();
    private StoredExperience? _stored;
    private ExperienceStatus? _status;
    private ExperienceGoals? _goals;
    private Reports.ExperienceAnswer? _report;
    private ExperimentAnswer? _result;
    private string? _refusal;
    private ExperimentParameters _asked = new() { Method = "sequential" };
    private bool _isUnknown;
    private ReportScale _scale;

    /// <summary>The part of its cids before the first underscore.</summary>
    [Parameter]
    public string ExperienceId { get; set; } = "";

    private string Name => _stored?.Experience.Draft.Name ?? _report?.Name ?? ExperienceId;

    private string ScaleName => _scale.ToString().ToLowerInvariant();

    private IReadOnlyList<(string Name, bool HasRevenue)> GoalsToAsk => [.. (_goals?.Goals ?? []).Select(static goal => (goal.Name, goal.AmountSlot >= 0))];

    private IReadOnlyList<Instant> Starts { get; set; } = [];

    private IReadOnlyList<string> Moments => [.. Starts.Select(start => ChartMoments.Text(start, _scale, Zone))];

    private string ChartLabel => $"{(View.ShowsRates ? "Click-through rate" : "Impressions")} of {Name} by {ScaleName} and {View.By.Replace('_', ' ')}. The table below has the figures.";

    /// <summary>The bucket in which the present moment lies is not over yet.</summary>
    private bool IsLastOpen => ChartMoments.IsLastOpen(Starts, _scale, Zone, Now);

    private ExperienceDocument? Delivered => _stored?.Live?.Document ?? _stored?.Experience.Draft;

    /// <summary>A variation has the same place, and so the same colour, in the chart and in the experiment: the baseline is the first.</summary>
    private IReadOnlyList<string> Variations => [.. (Delivered?.Audiences ?? []).SelectMany(static audience => audience.Variations).Select(static variation => variation.Id ?? "")
        .Concat(View.By == "variation" ? (_report?.Groups ?? []).Select(static group => group.Values[0] ?? "") : [])
        .Concat((_result?.Variations ?? []).Select(static variation => variation.Variation))
        .Distinct()
        .OrderBy(id => id != _result?.Baseline)
        .ThenBy(static id => id.Length)
        .ThenBy(static id => id, StringComparer.Ordinal)];

    private IReadOnlyList<ChartSeries> Series => [.. _report!.Groups
        .OrderByDescending(static group => group.Total.Impressions)
        .Take(6)
        .OrderBy(group => group.Values[0] ?? "", StringComparer.Ordinal)
        .Select((group, place) => new ChartSeries(NameOf(group.Values[0]), View.By == "variation" ? ColourOf(group.Values[0] ?? "") : Colours.Of(place), Values(group)))];

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        var environment = Environment!;
        var known = Store.Of(environment.Id);
        _stored = known.Find(ExperienceId);
        _status = _stored?.StatusAt(Time.GetUtcNow().ToUnixTimeMilliseconds());
        _goals = ExperienceGoals.Find(known, ExperienceId);
        _scale = View.Scale(Zone, Now);
        var by = ReportDimension.Parse(View.By).Dimensions!;
        var question = new ExperienceQuestion(environment.Id, ExperienceId, Range, by, _scale) { Goals = _goals, Attribution = View.Attribution };
        _report = await Reports.ReadAsync(environment, (connection, pages, cancelled) => ExperienceReport.Read(connection, question, pages, cancelled), cancellation);
        cancellation.ThrowIfCancellationRequested();
        _isUnknown = _report is null;
        Starts = ChartMoments.Of(Range, (_report?.Groups ?? []).SelectMany(static group => group.Buckets.Select(ChartMoments.StartOf)), _scale, Now);
        StateHasChanged();
        if (!_isUnknown)
        {
            await AskAsync(_asked, cancellation);
        }
    }

    /// <summary>
    /// An experiment is looked at from its beginning, unless days were named: customers count where they were first exposed,
    /// and a range that moves from day to day would make daily looks raise false alarms.
    /// </summary>
    private ReportRange ExperimentRange => View.Stretch is null ? Range : (View with { Stretch = "all" }).Range(Zone, Now);

    private static string Pressed(bool pressed) => pressed ? "true" : "false";

    private Task AskAsync(ExperimentParameters asked) => AskAsync(asked, CancellationToken.None);

    /// <summary>Asks for the experiment's result; what was asked before, and takes longer, is forgotten.</summary>
    private async Task AskAsync(ExperimentParameters asked, CancellationToken page)
    {
        _asked = asked;
        (_result, _refusal) = (null, null);
        var stop = await _ask.BeginAsync(page);
        try
        {
            var result = await Experiments.ReadAsync(Environment!, ExperienceId, ExperimentRange, asked with { Attribution = View.Attribution.Name() }, stop);
            _result = stop.IsCancellationRequested ? _result : result;
        }
        catch (Exception refusal) when (!stop.IsCancellationRequested && (refusal is ExperimentRefusedException || Fault.IsExpected(refusal)))
        {
            _refusal = refusal.Message;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            page.ThrowIfCancellationRequested(); // Otherwise something else was asked meanwhile.
            return;
        }

        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _ask.Dispose();
    }

    private string ColourOf(string variation) => Colours.Of(Variations.ToList().IndexOf(variation));

    private string NameOf(string? value) => value is null ? "(none)"
        : View.By == "variation" ? new VariationNames(_stored).Of(value)
        : View.By == "audience" ? Delivered?.Audiences.FirstOrDefault(one => one.Id == value)?.Name ?? value
        : value;

    private IReadOnlyList<double?> Values(ReportGroup group)
    {
        var buckets = group.Buckets.ToDictionary(ChartMoments.StartOf, static bucket => bucket.Figures);
        return [.. Starts.Select(start => Value(buckets.GetValueOrDefault(start)))];
    }

    /// <summary>A moment in which nothing was shown has no rate, and no impressions.</summary>
    private double? Value(Figures? figures) => (View.ShowsRates, View.CountsCustomers) switch
    {
        (true, true) => figures?.UniqueClickThroughRate,
        (true, false) => figures?.ClickThroughRate,
        (false, true) => figures?.UniqueImpressions ?? 0,
        (false, false) => figures?.Impressions ?? 0,
    };

    private string Format(double value) => View.ShowsRates
        ? value.ToString("0.##", CultureInfo.InvariantCulture) + " %"
        : value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private string Download(string parameters, string? path = null)
    {
        var range = Range;
        var query = new Dictionary<string, string?> { ["from"] = range.From, ["to"] = range.To, ["tz"] = Zone.Id };
        if (path is null)
        {
            (query["by"], query["scale"], query["attribution"]) = (View.By, ScaleName, View.Attribution.Name());
        }

        var text = string.Join('&', query.Where(static one => one.Value is not null).Select(static one => $"{one.Key}={Uri.EscapeDataString(one.Value!)}").Append(parameters).Where(static one => one.Length > 0));
        return $"{EnvironmentAddress.To(EnvironmentId, "download")}/{path ?? "reports/experiences/" + Uri.EscapeDataString(ExperienceId)}?{text}";
    }
}
