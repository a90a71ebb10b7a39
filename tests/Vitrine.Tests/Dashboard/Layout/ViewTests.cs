using NodaTime;
using Vitrine.Conversions;
using Vitrine.Dashboard.Layout;
using Vitrine.Reports;

namespace Vitrine.Tests.Dashboard.Layout;

public sealed class ViewTests
{
    private static readonly DateTimeZone Kathmandu = DateTimeZoneProviders.Tzdb["Asia/Kathmandu"];
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 25, 20, 0);

    [Fact]
    public void A_view_is_what_its_address_says_and_back()
    {
        var view = new View { Stretch = "7d", ZoneId = "Asia/Kathmandu", Attribution = AttributionModel.ClickThrough, CountsCustomers = true, ShowsRates = false, By = "platform" };
        View.Of("http://host" + view.Address("/w/SHOP/experiences")).ShouldBe(view);
        new View().Address("/w/SHOP/experiences").ShouldBe("/w/SHOP/experiences");
        var days = new View { Stretch = null, From = new LocalDate(2026, 11, 1), To = new LocalDate(2026, 11, 3) };
        View.Of("http://host" + days.Address("/")).ShouldBe(days);
    }

    [Theory]
    [InlineData("?range=century&tz=Mars/Olympus&attribution=luck&by=colour&count=maybe&show=stars")]
    [InlineData("?from=yesterday&to=2026-13-01")]
    [InlineData("?tz=&by=&range=")]
    public void What_cannot_be_read_is_as_by_default(string query) => View.Of("http://host/" + query).ShouldBe(new View());

    [Fact]
    public void Today_is_today_where_the_zone_is()
    {
        var (first, last) = new View { Stretch = "1d" }.Days(Kathmandu, Now); // 01:45 of the day after.
        (first, last).ShouldBe((new LocalDate(2026, 11, 26), new LocalDate(2026, 11, 26)));
        var range = new View { Stretch = "1d" }.Range(Kathmandu, Now);
        (range.ToSeconds - range.FromSeconds).ShouldBe(86_400);
    }

    [Fact]
    public void The_range_before_is_as_long_and_ends_where_this_one_begins()
    {
        var view = new View { Stretch = null, From = new LocalDate(2026, 11, 10), To = new LocalDate(2026, 11, 16) };
        var (range, before) = (view.Range(Kathmandu, Now), view.RangeBefore(Kathmandu, Now)!);
        before.ToSeconds.ShouldBe(range.FromSeconds);
        (before.ToSeconds - before.FromSeconds).ShouldBe(range.ToSeconds - range.FromSeconds);
        new View { Stretch = "all" }.RangeBefore(Kathmandu, Now).ShouldBeNull();
    }

    [Theory]
    [InlineData("1d", 1)]
    [InlineData("7d", 7)]
    public void While_today_is_not_over_the_range_before_ends_at_the_same_time_of_day(string stretch, int days)
    {
        var before = new View { Stretch = stretch }.RangeBefore(Kathmandu, Now)!;
        before.FromSeconds.ShouldBe(new View { Stretch = stretch }.Range(Kathmandu, Now).FromSeconds - (days * 86_400));
        before.ToSeconds.ShouldBe(Now.ToUnixTimeSeconds() / 60 * 60 - (days * 86_400));
    }

    [Theory]
    [InlineData("1d", ReportScale.Hour)]
    [InlineData("28d", ReportScale.Day)]
    [InlineData("90d", ReportScale.Day)]
    [InlineData("all", ReportScale.Month)]
    public void Charts_have_some_dozens_of_buckets(string stretch, ReportScale scale) => new View { Stretch = stretch }.Scale(Kathmandu, Now).ShouldBe(scale);

    [Fact]
    public void An_end_before_its_beginning_is_its_beginning() =>
        View.Of("http://host/?from=2026-11-05&to=2026-11-01").To.ShouldBe(new LocalDate(2026, 11, 5));
}
