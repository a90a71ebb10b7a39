using System.Text.Json.Nodes;
using NodaTime;

namespace Vitrine.Tests.Support;

/// <summary>Makes up events that lie where reports can go wrong: at changes of the clock, at midnights, at ends of months.</summary>
public static class GeneratedEvents
{
    public static IReadOnlyList<string> Zones { get; } =
        ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];

    public static IReadOnlyList<string> Experiences { get; } = ["66d55ae445921e4d35ae4368", "65eae5738ea5032b0ef60138", "plain"];

    private static readonly string[] Platforms = ["web", "android", "ios", "tv", "Unknown"];
    private static readonly string?[] ClickTargets = [null, null, "buy", "a,\"b\"", "größe"];
    private static readonly Instant Earliest = Instant.FromUtc(2025, 9, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2026, 11, 24, 0, 0);

    public static IReadOnlyList<GeneratedEvent> Make(Seeded random, int count)
    {
        var moments = InterestingMoments();
        return [.. Enumerable.Range(0, count).Select(_ => Make(random, moments))];
    }

    /// <summary>Posts the events in requests of up to a hundred elements.</summary>
    public static async Task PostAsync(Shop shop, IEnumerable<GeneratedEvent> events)
    {
        foreach (var chunk in events.Chunk(100))
        {
            (await shop.PostAsync(new JsonObject { ["elements"] = new JsonArray([.. chunk.Select(static one => one.Element())]) })).ShouldBeAccepted();
        }
    }

    private static GeneratedEvent Make(Seeded random, List<Instant> moments)
    {
        var experience = random.Pick(Experiences);
        var variation = random.Pick("0", "1", "2, or \"two\"");
        var audience = random.Pick("5A", "42D");
        var time = random.OneIn(2)
            ? random.Between(Earliest.ToUnixTimeSeconds(), Latest.ToUnixTimeSeconds())
            : random.Pick(moments).ToUnixTimeSeconds() + (random.OneIn(3) ? random.Between(-1, 1) : random.Between(-7200, 7200));
        return new GeneratedEvent(
            random.Uuid(),
            $"customer-{random.Next(40)}",
            random.OneIn(3),
            random.Pick(Platforms),
            time,
            experience == "plain" ? "plain" : $"{experience}_F_T_WP_AB_{variation}_P_0_AU_{audience}",
            variation,
            audience,
            random.Pick("0", "de"),
            random.Pick(ClickTargets));
    }

    private static List<Instant> InterestingMoments()
    {
        var moments = new List<Instant>();
        foreach (var zone in Zones.Select(static id => DateTimeZoneProviders.Tzdb[id]))
        {
            moments.AddRange(zone.GetZoneIntervals(Earliest, Latest).Where(static one => one.HasStart).Select(static one => one.Start)
                .Where(static start => start > Earliest));
            moments.AddRange(new[] { new LocalDate(2026, 1, 1), new LocalDate(2026, 3, 1), new LocalDate(2026, 6, 15) }
                .Select(date => zone.AtStartOfDay(date).ToInstant()));
        }

        return moments;
    }
}
