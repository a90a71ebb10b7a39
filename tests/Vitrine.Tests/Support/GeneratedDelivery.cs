using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Support;

/// <summary>Deliveries of one hour as a test made them up.</summary>
public sealed record GeneratedDelivery(string ExperienceId, string Variation, string Audience, int Version, long Hour, long Count)
{
    public long Time => Hour * 3600;

    /// <summary>Makes up deliveries at the times of events; some of a variation that is never shown.</summary>
    public static IReadOnlyList<GeneratedDelivery> Make(Seeded random, IReadOnlyList<GeneratedEvent> events, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new GeneratedDelivery(
            random.Pick(GeneratedEvents.Experiences),
            random.Pick("0", "1", "never shown"),
            random.Pick("5A", "42D"),
            1 + random.Next(2),
            random.Pick(events).Time / 3600,
            1 + random.Next(5)))];

    /// <summary>Journals the deliveries, ten to a record.</summary>
    public static async Task AppendAsync(Shop shop, IEnumerable<GeneratedDelivery> deliveries)
    {
        foreach (var chunk in deliveries.Chunk(10))
        {
            await AppendAsync(shop.Server, new DeliveredCounts(
                shop.Server.Time.GetUtcNow().ToUnixTimeMilliseconds(), shop.Id, [.. chunk.Select(static one => one.ToCount())]));
        }
    }

    public static Task<long> AppendAsync(TestServer server, DeliveredCounts counts) => AppendAsync(server, record => DeliveredCountsCodec.Write(counts, record));

    /// <summary>Journals any record.</summary>
    public static async Task<long> AppendAsync(TestServer server, Action<ByteWriter> write)
    {
        var record = PendingRecord.Rent();
        write(record.Body);
        var result = await server.Journal.AppendAsync("SHOP", record);
        record.Return();
        result.Outcome.ShouldBe(AppendOutcome.Durable);
        return result.Position;
    }

    public DeliveredCount ToCount() =>
        new(ExperienceId, "Experience " + ExperienceId, Version, Audience, "Audience " + Audience, Variation, Hour, Count);
}
