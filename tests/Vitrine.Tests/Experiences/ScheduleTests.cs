using NodaTime;
using NodaTime.Text;
using Vitrine.Experiences;

namespace Vitrine.Tests.Experiences;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("2026-12-01T09:00", "Europe/Zurich", "2026-12-01T08:00:00Z")]
    [InlineData("2026-12-01T09:00:30", "Asia/Kathmandu", "2026-12-01T03:15:30Z")]
    [InlineData("2026-12-01T09:00Z", "Europe/Zurich", "2026-12-01T09:00:00Z")]
    [InlineData("2026-12-01T09:00:00+05:30", "Europe/Zurich", "2026-12-01T03:30:00Z")]
    [InlineData("2026-12-01T09:00-03:00", "Europe/Zurich", "2026-12-01T12:00:00Z")]
    [InlineData("2026-03-29T02:30", "Europe/Zurich", "2026-03-29T01:30:00Z")] // Skipped: moved on by the hour.
    [InlineData("2026-10-25T02:30", "Europe/Zurich", "2026-10-25T00:30:00Z")] // Twice: the earlier one.
    [InlineData("2026-03-08T02:15", "America/New_York", "2026-03-08T07:15:00Z")]
    [InlineData("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z")] // The clock goes back half an hour.
    public void Times_mean_a_moment(string text, string zone, string moment) =>
        Schedule.Parse(text, DateTimeZoneProviders.Tzdb[zone]).ShouldBe(InstantPattern.General.Parse(moment).Value.ToUnixTimeMilliseconds());

    [Theory]
    [InlineData("2026-02-30T09:00")]
    [InlineData("2026-12-01T25:00")]
    [InlineData("2026-12-01")]
    [InlineData("2026-12-01T09:00+25:00")]
    [InlineData("9:00")]
    [InlineData("")]
    public void What_is_no_time_is_none(string text) => Schedule.Parse(text, DateTimeZone.Utc).ShouldBeNull();

    [Theory]
    [InlineData(999, false, ExperienceStatus.Scheduled)]
    [InlineData(1000, false, ExperienceStatus.Active)]
    [InlineData(1999, false, ExperienceStatus.Active)]
    [InlineData(2000, false, ExperienceStatus.Expired)]
    [InlineData(999, true, ExperienceStatus.Paused)]
    [InlineData(1000, true, ExperienceStatus.Paused)]
    [InlineData(2000, true, ExperienceStatus.Expired)]
    public void The_start_belongs_to_it_and_the_end_does_not(long now, bool paused, ExperienceStatus status) =>
        new Schedule(1000, 2000).StatusAt(now, paused).ShouldBe(status);
}
