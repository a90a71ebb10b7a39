using System.Text;
using CsCheck;
using NodaTime;
using NodaTime.Text;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>Time zones and dates against NodaTime.</summary>
public sealed class DatesTests
{
    private static readonly string[] Zones =
    [
        "UTC", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe",
        "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Gaza",
    ];

    private static readonly Gen<DateTimeZone> Zone = Gen.OneOf(Zones).Select(static id => DateTimeZoneProviders.Tzdb[id]);
    private static readonly long Start = Instant.FromUtc(1850, 1, 1, 0, 0).ToUnixTimeMilliseconds();
    private static readonly long End = Instant.FromUtc(2190, 1, 1, 0, 0).ToUnixTimeMilliseconds();

    /// <summary>Moments at large, and such as lie within two hours of a change of the clock.</summary>
    private static readonly Gen<(DateTimeZone Zone, long Moment)> Moment = Gen.Select(Zone, Gen.Long[Start, End], Gen.Long[-7_200_000, 7_200_000], Gen.Bool)
        .Select(static drawn =>
        {
            var (zone, moment, offset, isNear) = drawn;
            var interval = zone.GetZoneInterval(Instant.FromUnixTimeMilliseconds(moment));
            return (zone, isNear && interval.HasEnd ? interval.End.ToUnixTimeMilliseconds() + offset : moment);
        });

    [Fact]
    public void Clocks_show_what_NodaTime_says() => Moment.Sample(
        static (zone, moment) =>
        {
            var expected = Instant.FromUnixTimeMilliseconds(moment).InZone(zone).LocalDateTime;
            ZoneOffsets.Of(zone).ToLocal(moment).ShouldBe(InUtc(expected));
        },
        iter: 20_000);

    [Fact]
    public void A_local_time_is_the_moment_that_NodaTime_finds_leniently() => Moment.Sample(
        static (zone, moment) =>
        {
            var local = Instant.FromUnixTimeMilliseconds(moment).InUtc().LocalDateTime; // Any number is some local time.
            ZoneOffsets.Of(zone).ToUtc(InUtc(local)).ShouldBe(zone.AtLeniently(local).ToInstant().ToUnixTimeMilliseconds(), $"{local} in {zone.Id}");
            var near = Instant.FromUnixTimeMilliseconds(moment).InZone(zone).LocalDateTime;
            ZoneOffsets.Of(zone).ToUtc(InUtc(near)).ShouldBe(zone.AtLeniently(near).ToInstant().ToUnixTimeMilliseconds(), $"{near} in {zone.Id}");
        },
        iter: 20_000);

    [Fact]
    public void A_text_is_the_moment_that_NodaTime_reads() => Gen.Select(Moment, Gen.Int[-64_800, 64_800], Gen.Bool).Sample(
        static (at, offset, hasOffset) =>
        {
            var moment = Instant.FromUnixTimeMilliseconds(at.Moment);
            var zone = ZoneOffsets.Of(at.Zone);
            var text = hasOffset
                ? OffsetDateTimePattern.Rfc3339.Format(moment.WithOffset(Offset.FromSeconds(offset / 60 * 60)))
                : LocalDateTimePattern.ExtendedIso.Format(moment.InZone(at.Zone).LocalDateTime);
            var expected = hasOffset ? moment : at.Zone.AtLeniently(LocalDateTimePattern.ExtendedIso.Parse(text).Value).ToInstant();
            Dates.TryRead(Encoding.UTF8.GetBytes(text), zone, out var first, out var last).ShouldBeTrue(text);
            first.ShouldBe(expected.ToUnixTimeMilliseconds(), text);
            last.ShouldBe(first);
        },
        iter: 20_000);

    [Fact]
    public void A_day_is_from_its_first_moment_to_the_next_days() => Moment.Sample(
        static (zone, moment) =>
        {
            var day = Instant.FromUnixTimeMilliseconds(moment).InZone(zone).Date;
            Dates.TryRead(Encoding.UTF8.GetBytes(LocalDatePattern.Iso.Format(day)), ZoneOffsets.Of(zone), out var first, out var last).ShouldBeTrue();
            first.ShouldBe(StartOf(day, zone), $"{day} in {zone.Id}");
            last.ShouldBe(StartOf(day.PlusDays(1), zone) - 1, $"{day} in {zone.Id}");
        },
        iter: 20_000);

    [Fact]
    public void The_moment_asked_for_is_the_nearest_that_is_otherwise_like_now() => Gen.Select(
        Gen.Long[Start, End], Gen.Int[-1, 6], Gen.Int[-1, 23]).Sample(
        static (now, day, hour) =>
        {
            var moment = Calendar.Nearest(now, day < 0 ? null : day, hour < 0 ? null : hour);
            var step = hour < 0 ? 86_400_000 : 3_600_000;
            ((moment - now) % (day < 0 && hour < 0 ? 1 : step)).ShouldBe(0);
            IsAsked(moment, day, hour).ShouldBeTrue();
            for (var nearer = step; nearer < Math.Abs(moment - now); nearer += step)
            {
                (IsAsked(now + nearer, day, hour) || IsAsked(now - nearer, day, hour)).ShouldBeFalse();
            }

            (moment < now && IsAsked(now + (now - moment), day, hour)).ShouldBeFalse("of two the later");
        },
        iter: 5_000);

    /// <summary>In Kiritimati there was no 31 December 1994, nor a 30 December 2011 in Apia.</summary>
    private static long StartOf(LocalDate day, DateTimeZone zone)
    {
        var midnight = zone.MapLocal(day.AtMidnight());
        var isSkipped = midnight.Count == 0 && midnight.LateInterval.IsoLocalStart.Date > day;
        return (isSkipped ? zone.AtLeniently(day.AtMidnight()) : zone.AtStartOfDay(day)).ToInstant().ToUnixTimeMilliseconds();
    }

    private static bool IsAsked(long moment, int day, int hour)
    {
        var utc = Instant.FromUnixTimeMilliseconds(moment).InUtc();
        return (day < 0 || (int)utc.DayOfWeek == day + 1) && (hour < 0 || utc.Hour == hour);
    }

    private static long InUtc(LocalDateTime local) => local.InUtc().ToInstant().ToUnixTimeMilliseconds();
}
