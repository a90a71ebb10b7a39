using Bunit;
using NodaTime;
using Vitrine.Dashboard.Charts;
using Vitrine.Reports;

namespace Vitrine.Tests.Dashboard.Charts;

public sealed class ChartTests : BunitContext
{
    [Theory]
    [InlineData(0, new[] { 0.0, 1 })]
    [InlineData(double.NaN, new[] { 0.0, 1 })]
    [InlineData(1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(44.4, new[] { 0.0, 10, 20, 30, 40, 50 })]
    public void Axes_begin_at_nought_and_have_round_marks(double largest, double[] marks)
    {
        var found = Axis.Marks(largest);
        found.Count.ShouldBe(marks.Length);
        found.Zip(marks).ShouldAllBe(static pair => Math.Abs(pair.First - pair.Second) < 1e-9);
    }

    [Fact]
    public void Axes_hold_whatever_is_drawn()
    {
        foreach (var largest in Enumerable.Range(1, 400).Select(static step => Math.Pow(10, (step - 200) / 20.0)))
        {
            var marks = Axis.Marks(largest);
            marks[^1].ShouldBeGreaterThanOrEqualTo(largest * (1 - 1e-9));
            marks.Count.ShouldBeInRange(2, 7);
        }
    }

    [Fact]
    public void A_line_is_interrupted_where_nothing_is_known_and_dashed_where_it_is_not_over()
    {
        var chart = Render<LineChart>(parameters => parameters
            .Add(static one => one.Label, "CTR by day")
            .Add(static one => one.Moments, ["1 Nov", "2 Nov", "3 Nov", "4 Nov", "5 Nov"])
            .Add(static one => one.Series, [new ChartSeries("Blue", "blue", [1, 2, null, 3, 4])])
            .Add(static one => one.Format, static value => $"{value} %")
            .Add(static one => one.IsLastOpen, true));
        var paths = chart.FindAll("path");
        paths.Count.ShouldBe(2);
        paths[0].GetAttribute("stroke-dasharray").ShouldBeNull();
        paths[1].GetAttribute("stroke-dasharray").ShouldBe("4 4");
        chart.FindAll("circle").Count.ShouldBe(4);
        chart.Find("svg").GetAttribute("aria-label").ShouldBe("CTR by day");
        chart.FindAll("text.name").Single().TextContent.ShouldBe("Blue");
    }

    [Fact]
    public void A_chart_of_nothing_is_empty_and_no_fault() => Render<LineChart>(static parameters => parameters
        .Add(static one => one.Label, "nothing")
        .Add(static one => one.Moments, [])
        .Add(static one => one.Series, [])
        .Add(static one => one.Format, static value => $"{value}")).FindAll("path").ShouldBeEmpty();

    [Fact]
    public void Names_at_the_ends_of_lines_do_not_lie_on_each_other()
    {
        var chart = Render<LineChart>(parameters => parameters
            .Add(static one => one.Label, "CTR")
            .Add(static one => one.Moments, ["1 Nov", "2 Nov"])
            .Add(static one => one.Series, [new ChartSeries("Blue", "blue", [1, 2]), new ChartSeries("Green", "green", [2, 2]), new ChartSeries("Red", "red", [3, 2.01])])
            .Add(static one => one.Format, static value => $"{value} %"));
        var heights = chart.FindAll("text.name").Select(static name => double.Parse(name.GetAttribute("y")!, System.Globalization.CultureInfo.InvariantCulture)).Order().ToList();
        heights.Zip(heights.Skip(1)).ShouldAllBe(static pair => pair.Second - pair.First >= 15.9);
    }

    [Fact]
    public void Intervals_lie_around_the_line_of_no_difference()
    {
        var plot = Render<IntervalPlot>(static parameters => parameters
            .Add(static one => one.Label, "differences")
            .Add(static one => one.Intervals, [("Worse", "red", -3, -2, -1), ("Better", "blue", 1, 2, 3)])
            .Add(static one => one.Format, static value => $"{value}"));
        var zero = Position(plot.Find("line.zero"), "x1");
        var dots = plot.FindAll("circle").Select(static dot => Position(dot, "cx")).ToList();
        dots[0].ShouldBeLessThan(zero);
        dots[1].ShouldBeGreaterThan(zero);
    }

    [Fact]
    public void Moments_at_which_nothing_happened_are_there_over_a_change_of_the_clock()
    {
        Days(null, null, [24, 27], now: 27).ShouldBe([24, 25, 26, 27]);
        Days(null, null, [], now: 27).ShouldBeEmpty();
    }

    [Fact]
    public void A_silence_until_today_and_one_at_the_beginning_of_the_range_are_seen()
    {
        Days("2026-10-22", "2026-11-01", [24], now: 27).ShouldBe([22, 23, 24, 25, 26, 27]);
        Days("2026-10-22", "2026-10-26", [24], now: 29).ShouldBe([22, 23, 24, 25]);
        Days("2026-10-24", "2026-10-26", [24], now: 22).ShouldBe([24]); // By a clock that is behind.
    }

    private static List<int> Days(string? from, string? to, int[] reported, int now)
    {
        var berlin = DateTimeZoneProviders.Tzdb["Europe/Berlin"];
        Instant At(int day) => berlin.AtStartOfDay(new LocalDate(2026, 10, day)).ToInstant();
        var range = ReportRange.Parse(from, to, null, berlin).Range!;
        return [.. ChartMoments.Of(range, reported.Select(At), ReportScale.Day, At(now) + Duration.FromHours(9)).Select(moment => moment.InZone(berlin).Day)];
    }

    private static double Position(AngleSharp.Dom.IElement element, string attribute) =>
        double.Parse(element.GetAttribute(attribute)!, System.Globalization.CultureInfo.InvariantCulture);
}
