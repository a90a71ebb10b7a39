using System.Globalization;
using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>Experiences begin and end by the server's clock, in any zone.</summary>
public sealed class ScheduleEdgeTests
{
    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Zurich")]
    [InlineData("America/St_Johns")]
    [InlineData("Pacific/Apia")]
    public async Task It_is_delivered_from_its_start_until_just_before_its_end(string zone)
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop(zone);
        var zoned = NodaTime.DateTimeZoneProviders.Tzdb[zone];
        var now = NodaTime.Instant.FromDateTimeOffset(server.Time.GetUtcNow());
        var start = (now + NodaTime.Duration.FromHours(1)).InZone(zoned).LocalDateTime;
        var document = Authoring.Document();
        document["start"] = start.ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        document["end"] = start.PlusHours(2).ToString("uuuu-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        await shop.PublishedAsync(document);
        await shop.ShouldBeAsync("Scheduled", "EXPERIENCE_NOT_ACTIVE");
        server.Time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(2));
        await shop.ShouldBeAsync("Scheduled", "EXPERIENCE_NOT_ACTIVE");
        server.Time.Advance(TimeSpan.FromSeconds(2));
        await shop.ShouldBeAsync("Active", null);
        await shop.StepAsync("checkout-banner", "pause");
        await shop.ShouldBeAsync("Paused", "EXPERIENCE_NOT_ACTIVE");
        await shop.StepAsync("checkout-banner", "resume");
        server.Time.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(2));
        await shop.ShouldBeAsync("Active", null);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        await shop.ShouldBeAsync("Expired", "EXPERIENCE_EXPIRED");
        (await shop.ReadAsync("/v1/experiences/metadata"))["metadata"]!["count"]!.GetValue<int>().ShouldBe(0);
    }

    /// <summary>In the night of 29 March 2026 clocks in Zurich go from 02:00 to 03:00: at 02:30 they show 03:30.</summary>
    [Fact]
    public async Task A_start_that_the_clock_skips_comes_an_hour_later_on_the_clock()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop("Europe/Zurich");
        var document = Authoring.Document();
        document["start"] = "2027-03-28T02:30";
        await shop.PublishedAsync(document);
        server.Time.Advance(new DateTimeOffset(2027, 3, 28, 1, 29, 59, TimeSpan.Zero) - server.Time.GetUtcNow());
        await shop.ShouldBeAsync("Scheduled", "EXPERIENCE_NOT_ACTIVE");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await shop.ShouldBeAsync("Active", null);
    }

    [Fact]
    public async Task Days_and_hours_are_those_of_the_experiences_zone()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop("Asia/Tokyo");
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"all":[{"source":"time","name":"day","op":"equals","value":"Monday"},{"source":"time","name":"hour","op":"between","value":[8,9]}]}""");
        await shop.PublishedAsync(document);
        var delivered = async (string day, string hour) =>
            (await shop.FetchedAsync(new JsonObject { ["DAY_OF_THE_WEEK"] = day, ["TIME_OF_THE_DAY"] = hour })).Count == 1;
        (await delivered("Sunday", "23")).ShouldBeTrue("Monday 08:00 in Tokyo");
        (await delivered("Monday", "00")).ShouldBeTrue("Monday 09:00 in Tokyo");
        (await delivered("Monday", "01")).ShouldBeFalse();
        (await delivered("Monday", "23")).ShouldBeFalse("Tuesday in Tokyo");
    }
}

file static class ScheduleEdges
{
    public static async Task ShouldBeAsync(this Shop shop, string status, string? failure)
    {
        ((string)(await shop.ReadAsync("/api/v1/experiences/checkout-banner"))["status"]!).ShouldBe(status);
        var failures = await shop.FailuresAsync(JsonNode.Parse("""{"identifiers":{"customer_id":"ada"},"experience_key":"checkout-banner"}""")!.AsObject());
        ((string?)failures["checkout-banner"]).ShouldBe(failure);
    }
}
