using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;
using Vitrine.Conversions;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Layout;

/// <summary>What a page shows of its figures. It stands in the address, so that a link shows everybody the same.</summary>
public sealed record View
{
    /// <summary>The stretches of time to choose from, by their names in addresses.</summary>
    public static IReadOnlyList<(string Name, string Words, int Days)> Stretches { get; } =
        [("1d", "Today", 1), ("7d", "7 days", 7), ("28d", "28 days", 28), ("90d", "90 days", 90), ("all", "All time", 0)];

    private static readonly LocalDateTimePattern Minute = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm");

    /// <summary>The name of a stretch that ends today; null where days are given.</summary>
    public string? Stretch { get; init; } = "28d";

    /// <summary>The first day; null: from the beginning.</summary>
    public LocalDate? From { get; init; }

    /// <summary>The last day, which belongs to it; null: until today.</summary>
    public LocalDate? To { get; init; }

    /// <summary>The zone whose days are meant; null: the workspace's.</summary>
    public string? ZoneId { get; init; }

    /// <summary>What goal events count for.</summary>
    public AttributionModel Attribution { get; init; }

    /// <summary>Customers instead of events.</summary>
    public bool CountsCustomers { get; init; }

    /// <summary>Rates instead of numbers, in the chart.</summary>
    public bool ShowsRates { get; init; } = true;

    /// <summary>What is broken down by.</summary>
    public string By { get; init; } = "variation";

    /// <summary>Reads the view of an address; what cannot be read is as by default.</summary>
    public static View Of(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        string? One(string name) => query.TryGetValue(name, out var values) ? values.LastOrDefault() : null;
        var (from, to) = (Day(One("from")), Day(One("to")));
        var view = new View();
        return (view with
        {
            Stretch = from is not null || to is not null ? null : Stretches.Any(stretch => stretch.Name == One("range")) ? One("range") : view.Stretch,
            From = from,
            To = to,
            ZoneId = One("tz") is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is not null ? zone : null,
            Attribution = AttributionModels.Parse(One("attribution")) is (var model, null) ? model : default,
            CountsCustomers = One("count") == "unique",
            ShowsRates = One("show") != "numbers",
            By = ReportDimension.All.Any(dimension => dimension.Name == One("by")) ? One("by")! : view.By,
        }).Sound();
    }

    /// <summary>The view with a range that can be: of two days that are the wrong way round the first is meant.</summary>
    public View Sound() => To < From ? this with { To = From } : this;

    /// <summary>The view as parameters of an address; what is as by default is left out.</summary>
    public Dictionary<string, string?> Parameters()
    {
        var plain = new View();
        return new Dictionary<string, string?>
        {
            ["range"] = Stretch == plain.Stretch ? null : Stretch,
            ["from"] = Text(From),
            ["to"] = Text(To),
            ["tz"] = ZoneId,
            ["attribution"] = Attribution == plain.Attribution ? null : Attribution.Name(),
            ["count"] = CountsCustomers ? "unique" : null,
            ["show"] = ShowsRates ? null : "numbers",
            ["by"] = By == plain.By ? null : By,
        };
    }

    /// <summary>A path with the view behind it.</summary>
    public string Address(string path) => QueryHelpers.AddQueryString(path, Parameters().Where(static one => one.Value is not null)!);

    /// <summary>The zone, of a workspace whose own it is by default.</summary>
    public DateTimeZone Zone(DateTimeZone byDefault) => ZoneId is null ? byDefault : DateTimeZoneProviders.Tzdb[ZoneId];

    /// <summary>The days of the view.</summary>
    /// <param name="zone">The zone.</param>
    /// <param name="now">By which today is today.</param>
    public (LocalDate? First, LocalDate? Last) Days(DateTimeZone zone, Instant now)
    {
        var today = now.InZone(zone).Date;
        var days = Stretches.FirstOrDefault(stretch => stretch.Name == Stretch).Days;
        return Stretch is null ? (From, To) : days == 0 ? (null, null) : (today.PlusDays(1 - days), today);
    }

    /// <summary>The range of the view.</summary>
    public ReportRange Range(DateTimeZone zone, Instant now) => Range(Days(zone, now), zone);

    /// <summary>The range of the same length before, up to the same time of day where the view reaches to the present; null where the view has no beginning, or one that is to come.</summary>
    public ReportRange? RangeBefore(DateTimeZone zone, Instant now)
    {
        var (first, last) = Days(zone, now);
        var local = now.InZone(zone).LocalDateTime;
        if (first is not { } begin || begin > local.Date)
        {
            return null;
        }

        var length = Period.DaysBetween(begin, last ?? local.Date) + 1;
        return last is { } end && end < local.Date
            ? Range((begin.PlusDays(-length), begin.PlusDays(-1)), zone)
            : Range(Text(begin.PlusDays(-length)), Minute.Format(local.PlusDays(-length)), zone); // Today is not over: neither is its counterpart.
    }

    /// <summary>How wide the buckets of a chart are: some dozens of them, whatever the range.</summary>
    public ReportScale Scale(DateTimeZone zone, Instant now)
    {
        var (first, last) = Days(zone, now);
        var days = first is { } begin ? Period.DaysBetween(begin, last ?? now.InZone(zone).Date) + 1 : int.MaxValue;
        return days <= 2 ? ReportScale.Hour : days <= 120 ? ReportScale.Day : days <= 800 ? ReportScale.Week : ReportScale.Month;
    }

    private static ReportRange Range((LocalDate? First, LocalDate? Last) days, DateTimeZone zone) =>
        Range(Text(days.First), Text(days.Last?.PlusDays(1)), zone);

    private static ReportRange Range(string? from, string? to, DateTimeZone zone) => ReportRange.Parse(from, to, zone.Id, zone).Range!;

    /// <summary>A day that can be asked for; null: the text is none.</summary>
    public static LocalDate? Day(string? text) =>
        LocalDatePattern.Iso.Parse(text ?? "") is { Success: true, Value: { Year: > 1970 and < 9998 } day } ? day : null;

    private static string? Text(LocalDate? day) => day?.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
