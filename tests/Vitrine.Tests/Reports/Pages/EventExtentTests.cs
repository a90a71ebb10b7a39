using Vitrine.Reports.Pages;

namespace Vitrine.Tests.Reports.Pages;

/// <summary>The pages of a day are found again although a later or an earlier event has come.</summary>
public sealed class EventExtentTests
{
    private const long Day = 86400;
    private const long Midnight = 20_000 * Day;

    [Fact]
    public void Its_bounds_stay_when_another_event_of_the_same_day_comes()
    {
        var morning = new EventExtent(1, Midnight + 3600, Midnight + 3601);
        var evening = new EventExtent(2, Midnight + 60, Midnight + 80_000);
        (evening.Start, evening.Stop).ShouldBe((morning.Start, morning.Stop));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, Day)]
    [InlineData(Day - 1, Day)]
    [InlineData(100, 5 * Day)]
    public void Its_bounds_hold_the_local_days_of_the_first_and_the_last_event_in_any_zone(long first, long end)
    {
        var extent = new EventExtent(1, Midnight + first, Midnight + end);
        (extent.First - extent.Start).ShouldBeGreaterThanOrEqualTo(Day);
        (extent.Stop - extent.End).ShouldBeGreaterThanOrEqualTo(Day);
    }

    [Fact]
    public void Without_events_it_holds_nothing() => EventExtent.Unknown.Start.ShouldBeGreaterThan(EventExtent.Unknown.Stop);
}
