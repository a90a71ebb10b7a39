using Vitrine.Dashboard.Charts;
using Vitrine.Dashboard.Layout;
using Vitrine.Experiences;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Pages;

/// <summary>All experiences with their key figures.</summary>
public sealed partial class ExperiencesPage
{
    private const int PageSize = 25;
    private static readonly TimeSpan TypingPause = TimeSpan.FromMilliseconds(300);
    private static readonly ExperienceStatus?[] Statuses = [null, ExperienceStatus.Active, ExperienceStatus.Scheduled, ExperienceStatus.Paused, ExperienceStatus.Draft, ExperienceStatus.Expired, ExperienceStatus.Archived];

    private static readonly (string Name, Func<Row, IComparable?> Order, bool IsFigure)[] Columns =
    [
        ("Name", static row => row.Name, false),
        ("Status", static row => (int)(row.Status ?? ExperienceStatus.Archived + 1), false),
        ("Delivered", static row => row.Figures?.Delivered, true),
        ("Shown", static row => row.Figures?.Impressions, true),
        ("Clicked", static row => row.Figures?.Clicks, true),
        ("Unique CTR", static row => row.Figures?.UniqueClickThroughRate, true),
    ];

    private readonly Dictionary<string, IReadOnlyList<double>> _courses = [];
    private readonly Latest _loadOfCourses = new();
    private string? _environment;
    private List<Row>? _rows;
    private long? _rawFrom;
    private bool _areCounted;
    private bool _isWhole;
    private string _search = "";
    private ExperienceStatus? _status;
    private Func<Row, IComparable?> _order = Columns[3].Order;
    private bool _isDescending = true;
    private int _page;

    private IReadOnlyList<Row> Found =>
        [.. _rows!.Where(row => (_status is null ? row.Status != ExperienceStatus.Archived : row.Status == _status) && row.Matches(_search))];

    private IReadOnlyList<Row> Shown => [.. (_isDescending ? Found.OrderByDescending(_order) : Found.OrderBy(_order)).ThenBy(static row => row.Id, StringComparer.Ordinal)
        .Skip(_page * PageSize).Take(PageSize)];

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        if (_environment != EnvironmentId)
        {
            (_environment, _rows, _areCounted, _isWhole, _page) = (EnvironmentId, null, false, false, 0);
            _courses.Clear();
        }

        var (range, before) = (Range, View.RangeBefore(Zone, Now));
        if (!_areCounted && Store.Of(Environment!.Id).ByKey.Count > 0)
        {
            Take([], []); // What is written is known at once; over many events figures take seconds after a start.
            StateHasChanged();
        }

        var now = await ReadAsync(range, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Take(now, []);
        _areCounted = true;
        StateHasChanged();
        if (before is not null)
        {
            var past = await ReadAsync(before, cancellation);
            cancellation.ThrowIfCancellationRequested();
            Take(now, past);
        }

        _courses.Clear();
        await TryLoadCoursesAsync(TimeSpan.Zero, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _isWhole = true;
    }

    private async Task<IReadOnlyList<ExperienceListing>> ReadAsync(ReportRange range, CancellationToken stop)
    {
        (_, _rawFrom, var experiences) = await Reports.ReadAsync(Environment!, (connection, pages, _) => ExperienceList.Read(connection, Environment!.Id, range, pages), stop);
        return experiences;
    }

    private void Take(IReadOnlyList<ExperienceListing> now, IReadOnlyList<ExperienceListing> past)
    {
        var moment = Time.GetUtcNow().ToUnixTimeMilliseconds();
        var reported = now.ToDictionary(static one => one.Id);
        var earlier = past.ToDictionary(static one => one.Id);
        var rows = Store.Of(Environment!.Id).ByKey.Values.Select(one => new Row(
            one.Experience.Id, one.Experience.Draft.Name, one.Key, one.StatusAt(moment), one.Experience.Draft.Tags,
            reported.GetValueOrDefault(one.Experience.Id)?.Figures, earlier.GetValueOrDefault(one.Experience.Id)?.Figures) { Stored = one }).ToList();
        var authored = rows.Select(static row => row.Id).ToHashSet();
        rows.AddRange(now.Where(one => !authored.Contains(one.Id)).Select(one => new Row(
            one.Id, one.Name, null, null, [], one.Figures, earlier.GetValueOrDefault(one.Id)?.Figures)));
        _rows = rows;
    }

    /// <summary>The sparklines come after the figures, for the rows that can be seen.</summary>
    private async Task LoadCoursesAsync(TimeSpan pause, CancellationToken page)
    {
        StateHasChanged();
        var stop = await _loadOfCourses.BeginAsync(page);
        await Task.Delay(pause, Time, stop);
        var (range, scale) = (Range, View.Scale(Zone, Now));
        var missing = Shown.Where(row => row.Figures is { Impressions: > 0 } && !_courses.ContainsKey(row.Id)).Select(static row => row.Id).ToList();
        foreach (var some in missing.Chunk(5))
        {
            var read = await Reports.ReadAsync(
                Environment!,
                (connection, pages, cancelled) => some.Select(id => (id, ExperienceReport.Read(
                    connection, new ExperienceQuestion(Environment!.Id, id, range, [], scale), pages, cancelled))).ToList(),
                stop);
            stop.ThrowIfCancellationRequested();
            foreach (var (id, answer) in read)
            {
                var impressions = (answer?.Groups[0].Buckets ?? []).ToDictionary(ChartMoments.StartOf, static bucket => (double)bucket.Figures.Impressions);
                _courses[id] = [.. ChartMoments.Of(range, impressions.Keys, scale, Now).Select(moment => impressions.GetValueOrDefault(moment))];
            }

            StateHasChanged();
        }
    }

    private static string Of(Figures? figures) =>
        figures is null ? "" : $"{Words.Customers(figures.UniqueClicks, figures)} of {Words.Customers(figures.UniqueImpressions, figures)} customers clicked";

    private string Sorted(Func<Row, IComparable?> order) => order != _order ? "none" : _isDescending ? "descending" : "ascending";

    private string Arrow(Func<Row, IComparable?> order) => order != _order ? "" : _isDescending ? " ↓" : " ↑";

    private Task SortBy(Func<Row, IComparable?> order)
    {
        (_order, _isDescending) = (order, order != _order || !_isDescending);
        return Restart();
    }

    private Task Filter(ExperienceStatus? status)
    {
        _status = status;
        return Restart();
    }

    private Task ClearAsync()
    {
        _search = "";
        return Filter(null);
    }

    private Task Restart() => TurnAsync(0);

    /// <summary>Shows another part of the list. Sparklines are read once typing in the search has paused.</summary>
    private Task TurnAsync(int page)
    {
        _page = page;
        return _rows is null ? Task.CompletedTask : TryLoadCoursesAsync(TypingPause, CancellationToken.None);
    }

    private async Task TryLoadCoursesAsync(TimeSpan pause, CancellationToken page)
    {
        try
        {
            await LoadCoursesAsync(pause, page);
        }
        catch (Exception fault) when (fault is OperationCanceledException || Fault.IsExpected(fault))
        {
            // Overtaken by the next letter; or a line is missing beside its figures.
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _loadOfCourses.Dispose();
    }

    private sealed record Row(string Id, string Name, string? Key, ExperienceStatus? Status, IReadOnlyList<string> Tags, Figures? Figures, Figures? Before)
    {
        /// <summary>What is written of it; null where it is only reported.</summary>
        public StoredExperience? Stored { get; init; }

        public bool Matches(string search) => search.Trim() is not { Length: > 0 } text
            || Tags.Append(Name).Append(Id).Append(Key ?? "").Any(one => one.Contains(text, StringComparison.OrdinalIgnoreCase));
    }
}
