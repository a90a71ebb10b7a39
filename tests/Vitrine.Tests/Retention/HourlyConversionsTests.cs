using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vitrine.Tests.Conversions;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Retention;

/// <summary>What goal events counted for stays when they and what they counted for are single events no more.</summary>
public sealed partial class HourlyConversionsTests
{
    [Fact]
    public async Task Reports_say_the_same_of_conversions_as_before()
    {
        await using var server = await TestServer.StartAsync();
        var world = await ConversionWorld.MakeAsync(server, 71, order: 1);
        string[] questions = ["", "&by=variation", "&scale=day", "&by=variation&scale=week", "&from=2026-11-20&to=2026-11-22", "&by=variation&from=2026-11-21"];
        string[] models = ["view_through", "click_through", "in_session"];
        var asked = models.SelectMany(model => questions.Select(question => $"/api/v1/reports/experiences/{world.ExperienceId}?attribution={model}{question}")).ToList();
        var before = await GoalsAsync(world, asked);
        before.Sum(static goals => goals.Length).ShouldBeGreaterThan(1000);

        await Retaining.KeepAsync(world.Shop, 3);
        (await GoalsAsync(world, asked)).Zip(before).ShouldAllBe(static pair => pair.First == pair.Second);
        await Retaining.KeepAsync(world.Shop, 2); // A day later, as it were.
        (await world.Shop.EventsAsync()).Count.ShouldBeInRange(1, world.Seen.Count - 100);
        (await GoalsAsync(world, asked)).ShouldBe(before);
    }

    [Fact]
    public async Task Only_unique_conversions_by_what_a_customer_may_have_several_of_in_a_day_can_be_fewer_in_a_group()
    {
        await using var server = await TestServer.StartAsync();
        var world = await ConversionWorld.MakeAsync(server, 72, order: 1);
        var path = $"/api/v1/reports/experiences/{world.ExperienceId}?by=platform,click_target&scale=hour";
        var before = (await world.Shop.ReadAsync(path))["groups"]!.AsArray();
        await Retaining.KeepAsync(world.Shop, 2);
        var after = (await world.Shop.ReadAsync(path))["groups"]!.AsArray();
        foreach (var (one, other) in after.Zip(before).SelectMany(static pair => pair.First!["total"]!["goals"]!.AsArray().Zip(pair.Second!["total"]!["goals"]!.AsArray())))
        {
            ((string)one!["goal"]!, (long)one["conversions"]!).ShouldBe(((string)other!["goal"]!, (long)other["conversions"]!));
            ((long)one["unique_conversions"]!).ShouldBeLessThanOrEqualTo((long)other["unique_conversions"]!);
        }
    }

    private static async Task<IReadOnlyList<string>> GoalsAsync(ConversionWorld world, IEnumerable<string> paths)
    {
        var goals = new List<string>();
        foreach (var path in paths)
        {
            var report = await world.Shop.ReadAsync(path);
            goals.Add(path + string.Concat(Of(report)));
        }

        return goals;

        static IEnumerable<string> Of(JsonNode? node) => node switch
        {
            JsonObject fields => fields.SelectMany(static field => field.Key == "goals" ? [TrailingZeros().Replace(field.Value!.ToJsonString(), "")] : Of(field.Value)),
            JsonArray items => items.SelectMany(Of),
            _ => [],
        };
    }

    [GeneratedRegex(@"(?<=\.\d*[1-9])0+(?=[,}])")]
    private static partial Regex TrailingZeros();
}
