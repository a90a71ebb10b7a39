using System.Globalization;

namespace Vitrine.EndToEnd.DotNetSdk;

[Collection(PagesAndApps.Name)]
public sealed class LosingNothingTests(SharedServer shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Runtime.Net)]
    [InlineData(Runtime.Mono)]
    public async Task An_app_that_is_killed_while_the_server_is_away_loses_nothing_that_was_reported(Runtime runtime)
    {
        await using var counter = await Counter.StartAsync();
        await counter.KillAsync();
        await using (var app = await Reporter.StartAsync(runtime, counter))
        {
            app.Tell("shown-one-by-one");
            await Poll.UntilAsync("many were reported", Limit, () => app.Said.Count > 500);
            await app.KillAsync();
            var returned = int.Parse(app.Said[^1], CultureInfo.InvariantCulture);
            await counter.RestartAsync();
            await using var again = await Reporter.StartAsync(runtime, counter);
            (await again.TellAsync("flush")).ShouldBe("flushed");
            (await counter.EventsAsync(returned)).Count.ShouldBeInRange(returned, returned + 2_000, "what Shown returned for, and what it had not said yet");
            await again.EndAsync();
        }
    }

    /// <summary>On Mono, where files are the same and all is slower, with ./test --long.</summary>
    public static TheoryData<Runtime> Runtimes { get; } = Build.Long ? [Runtime.Net, Runtime.Mono] : [Runtime.Net];

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task An_app_that_is_killed_again_and_again_as_it_sends_has_each_event_counted_once(Runtime runtime)
    {
        await using var counter = await Counter.OpenAsync(shared);
        var returned = 0;
        for (var time = 0; time < (Build.Long ? 4 : 2); time++)
        {
            await using var app = await Reporter.StartAsync(runtime, counter);
            app.Tell("shown-one-by-one");
            await Poll.UntilAsync("many were reported", Limit, () => app.Said.Count > 300);
            await app.KillAsync();
            returned += int.Parse(app.Said[^1], CultureInfo.InvariantCulture);
        }

        await using var last = await Reporter.StartAsync(runtime, counter);
        await Poll.UntilAsync("nothing is left", Limit, async () => await last.TellAsync("queued") == "0");
        (await counter.EventsAsync(returned)).Count.ShouldBeGreaterThanOrEqualTo(returned);
        await last.EndAsync();
    }

    [Fact]
    public async Task Hours_offline_lose_nothing_and_all_is_sent_by_itself_when_the_server_is_back()
    {
        await using var counter = await Counter.StartAsync();
        await using var app = await Reporter.StartAsync(Runtime.Net, counter);
        await counter.KillAsync();
        await app.TellAsync("shown 250");
        (await app.TellAsync("flush")).ShouldBe("left");
        (await app.TellAsync("queued")).ShouldBe("250");
        await counter.RestartAsync();
        (await counter.EventsAsync(250)).Count.ShouldBe(250);
        await app.EndAsync();
    }

    [Fact]
    public async Task An_app_that_ends_sends_what_it_has()
    {
        await using var counter = await Counter.OpenAsync(shared);
        await using var app = await Reporter.StartAsync(Runtime.Net, counter);
        await app.TellAsync("shown 3");
        await app.EndAsync();
        (await counter.EventsAsync(3)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Two_processes_share_a_folder_and_what_one_leaves_behind_the_next_start_sends()
    {
        await using var counter = await Counter.StartAsync();
        await counter.KillAsync();
        await using var first = await Reporter.StartAsync(Runtime.Net, counter);
        await using var second = await Reporter.StartAsync(Runtime.Net, counter);
        await first.TellAsync("shown 100");
        await second.TellAsync("shown 100");
        await first.KillAsync();
        await counter.RestartAsync();
        await using var third = await Reporter.StartAsync(Runtime.Net, counter);
        (await third.TellAsync("flush")).ShouldBe("flushed");
        (await second.TellAsync("flush")).ShouldBe("flushed");
        (await counter.EventsAsync(200)).Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_queue_that_is_full_lets_the_oldest_go_and_counts_them()
    {
        const int reported = 5_000, maximum = 262_144;
        await using var counter = await Counter.StartAsync();
        await counter.KillAsync();
        await using var app = await Reporter.StartAsync(Runtime.Net, counter, maximumBytes: maximum);
        await app.TellAsync($"shown {reported}");
        counter.AppBytes.ShouldBeLessThan(maximum + 1_000, "its queue, and who the customer is");
        var dropped = int.Parse(await app.TellAsync("dropped"), CultureInfo.InvariantCulture);
        dropped.ShouldBeInRange(1, reported - 1);
        await counter.RestartAsync();
        (await app.TellAsync("flush")).ShouldBe("flushed");
        (await counter.EventsAsync(reported - dropped)).Count.ShouldBe(reported - dropped);
        await app.EndAsync();
    }

    [Fact]
    public async Task Where_nothing_can_be_written_memory_serves()
    {
        await using var counter = await Counter.OpenAsync(shared);
        File.WriteAllText(counter.Apps, "a file where the folder would be");
        await using var app = await Reporter.StartAsync(Runtime.Net, counter);
        await app.TellAsync("shown 10");
        (await app.TellAsync("flush")).ShouldBe("flushed");
        (await counter.EventsAsync(10)).Count.ShouldBe(10);
        await app.EndAsync();
    }

    [Fact]
    public async Task A_key_that_has_used_up_its_minute_keeps_its_events()
    {
        await using var counter = await Counter.OpenAsync(shared);
        var key = await counter.NewClientKeyAsync("https://shop.example", requestsPerMinute: 2);
        await using var app = await Reporter.StartAsync(Runtime.Net, counter, key);
        await Poll.UntilAsync("the server asks to be left alone", Limit, async () =>
        {
            await app.TellAsync("shown 1");
            return await app.TellAsync("flush") == "left";
        });
        (await app.TellAsync("queued")).ShouldBe("1");
        (await app.TellAsync("dropped")).ShouldBe("0");
        await app.KillAsync();
        await using var renewed = await Reporter.StartAsync(Runtime.Net, counter);
        (await renewed.TellAsync("flush")).ShouldBe("flushed");
        await counter.EventsAsync(2);
    }

    [Fact]
    public async Task An_event_of_a_clock_that_is_days_ahead_counts_at_its_arrival()
    {
        await using var counter = await Counter.OpenAsync(shared);
        await using var app = await Reporter.StartAsync(Runtime.Net, counter);
        await app.TellAsync("clock 72");
        await app.TellAsync("shown 1");
        await app.TellAsync("clock -72");
        await app.TellAsync("shown 1");
        (await app.TellAsync("flush")).ShouldBe("flushed");
        var now = TimeProvider.System.GetUtcNow();
        var ages = (await counter.EventsAsync(2)).Select(one => (now - DateTimeOffset.FromUnixTimeSeconds(one.GetProperty("event_time").GetInt64())).TotalDays).Order().ToList();
        ages[0].ShouldBe(0, 0.1);
        ages[1].ShouldBe(3, 0.1);
        (await app.TellAsync("dropped")).ShouldBe("0");
    }

    [Theory]
    [InlineData(Runtime.Net)]
    [InlineData(Runtime.Mono)]
    public async Task An_app_that_starts_offline_shows_what_it_fetched_last(Runtime runtime)
    {
        await using var counter = await Counter.StartAsync();
        await counter.PublishAsync("home-banner", "Hello");
        await using (var app = await Reporter.StartAsync(runtime, counter))
        {
            (await app.TellAsync("fetch home-banner")).ShouldBe("Network Hello");
            await app.KillAsync();
        }

        await counter.KillAsync();
        await using var again = await Reporter.StartAsync(runtime, counter);
        (await again.TellAsync("fetch home-banner")).ShouldBe("Cache Hello");
        await again.EndAsync();
    }
}
