using NodaTime;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>A question about an experience, made up, and the events that it is about.</summary>
public sealed record ReportQuestion(string Experience, string Zone, string? From, string? To, Instant Start, Instant End, IReadOnlyList<string> By, string? Scale)
{
    private static readonly string[] Dimensions = ["variation", "audience", "locale", "platform", "click_target"];

    public DateTimeZone TimeZone => DateTimeZoneProviders.Tzdb[Zone];

    public string Path => $"/api/v1/reports/experiences/{Experience}?{Query}";

    /// <summary>The stretch of time alone, as everything that has a range takes it.</summary>
    public string RangeQuery => Joined(
        $"tz={Uri.EscapeDataString(Zone)}",
        From is null ? null : $"from={Uri.EscapeDataString(From)}",
        To is null ? null : $"to={Uri.EscapeDataString(To)}");

    public string Query => Joined(
        RangeQuery,
        By.Count == 0 ? null : $"by={string.Join(',', By)}",
        Scale is null ? null : $"scale={Scale}");

    public static ReportQuestion Make(Seeded random)
    {
        var zone = random.Pick(GeneratedEvents.Zones);
        var (from, start) = Moment(random, zone, Instant.MinValue);
        var (to, end) = Moment(random, zone, Instant.MaxValue);
        if (end < start)
        {
            (from, start, to, end) = (to, end, from, start);
        }

        return new ReportQuestion(
            random.Pick(GeneratedEvents.Experiences),
            zone,
            from,
            to,
            start,
            end,
            [.. Dimensions.Where(_ => random.OneIn(3))],
            random.Pick(null, "hour", "day", "week", "month"));
    }

    public IEnumerable<GeneratedEvent> Of(IEnumerable<GeneratedEvent> events) =>
        events.Where(one => Instant.FromUnixTimeSeconds(one.Time) is var time && time >= Start && time < End);

    public IEnumerable<GeneratedDelivery> Of(IEnumerable<GeneratedDelivery> deliveries) =>
        deliveries.Where(one => Instant.FromUnixTimeSeconds(one.Time) is var time && time >= Start && time < End);

    private static string Joined(params IEnumerable<string?> parts) => string.Join('&', parts.Where(static part => part is not null));

    private static (string? Text, Instant Instant) Moment(Seeded random, string zoneId, Instant absent)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var local = new LocalDateTime(2025, 9, 1, 0, 0).PlusMinutes(random.Next(450 * 24 * 60));
        return random.Next(5) switch
        {
            0 => (null, absent),
            1 => (local.ToString("uuuu-MM-ddTHH:mm", null), zone.AtLeniently(local).ToInstant()),
            2 => (local.ToString("uuuu-MM-ddTHH:mm:ss", null) + "+05:30", local.WithOffset(Offset.FromHoursAndMinutes(5, 30)).ToInstant()),
            _ => (local.Date.ToString("uuuu-MM-dd", null), zone.AtStartOfDay(local.Date).ToInstant()),
        };
    }
}
