using Microsoft.Playwright;

namespace Vitrine.EndToEnd.WebSdk;

[Collection(PagesAndApps.Name)]
public sealed class LosingNothingTests(Browser browser, SharedServer shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task Hours_offline_lose_nothing_and_all_is_sent_when_the_browser_is_back()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await shop.Window.SetOfflineAsync(true);
        await page.EvaluateAsync("for (let i = 0; i < 30; i++) vitrine.trackImpression(context)");
        (await page.EvaluateAsync<bool>("vitrine.flush()")).ShouldBeFalse();
        (await page.EvaluateAsync<int>("vitrine.queued")).ShouldBe(30);
        await shop.Window.SetOfflineAsync(false);
        await shop.EventsAsync(30);
        await EmptyAsync(page);
    }

    [Fact]
    public async Task A_reload_with_a_full_queue_while_the_server_is_away_loses_nothing()
    {
        await using var shop = await WebShop.StartAsync(browser);
        var page = await shop.OpenAsync();
        await shop.KillAsync();
        await page.EvaluateAsync("for (let i = 0; i < 250; i++) vitrine.trackClick(context, { button_id: 'b' + i })");
        await page.ReloadAsync();
        (await page.EvaluateAsync<int>("vitrine.queued")).ShouldBe(250);
        await shop.RestartAsync();
        await page.ReloadAsync();
        var events = await shop.EventsAsync(250);
        events.Select(static one => one.GetProperty("moe_event_uuid").GetGuid()).Distinct().Count().ShouldBe(250);
        await EmptyAsync(page);
        foreach (var again in shop.Reported.SelectMany(static uuids => uuids).GroupBy(static uuid => uuid).Where(static group => group.Count() > 1))
        {
            events.ShouldContain(one => one.GetProperty("moe_event_uuid").GetGuid() == again.Key, "sent again under the same uuid");
        }
    }

    [Fact]
    public async Task A_tab_that_is_closed_sends_what_it_has()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        var other = await shop.Window.NewPageAsync(); // A browser whose last tab is closed ends.
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        await page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        await shop.EventsAsync(1);
        await other.CloseAsync();
    }

    [Fact]
    public async Task Where_a_request_cannot_outlive_its_page_a_beacon_does()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        await shop.Window.AddInitScriptAsync("delete Request.prototype.keepalive");
        var page = await shop.OpenAsync();
        var other = await shop.Window.NewPageAsync();
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        await page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        await shop.EventsAsync(1);
        await other.CloseAsync();
    }

    [Fact]
    public async Task Two_tabs_share_a_queue_and_send_each_event_once()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var (first, second) = (await shop.OpenAsync(), await shop.OpenAsync());
        const string track = "new Promise((done) => { let i = 0; const next = () => { if (i++ === 100) return done(); vitrine.trackImpression(context); setTimeout(next, 10); }; next(); })";
        await Task.WhenAll(first.EvaluateAsync(track), second.EvaluateAsync(track));
        await shop.EventsAsync(200);
        await EmptyAsync(first);
        (await second.EvaluateAsync<int>("vitrine.queued")).ShouldBe(0);
        shop.Reported.SelectMany(static uuids => uuids).Count().ShouldBe(200, "none was sent twice");
    }

    [Fact]
    public async Task Where_storage_is_blocked_the_page_s_memory_serves()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        await shop.Window.AddInitScriptAsync("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } })");
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("vitrine.trackImpression([context, context])");
        (await shop.EventsAsync(2)).Select(static one => one.GetProperty("customer_id").GetString()).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Where_storage_is_blocked_there_are_no_locks_either()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        await shop.Window.AddInitScriptAsync("""
            Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
            navigator.locks.request = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
            """);
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        await shop.EventsAsync(1);
    }

    [Theory]
    [InlineData(200, "text/html", "<p>Please sign in to this network.</p>")]
    [InlineData(400, "application/problem+json", """{"type":"about:blank","title":"Bad Request","status":400}""")]
    public async Task What_another_answers_acknowledges_nothing_and_refuses_nothing(int status, string type, string body)
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await shop.Window.RouteAsync("**/v1/experiences/events", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*", ["Access-Control-Allow-Headers"] = "*, Authorization" },
            Status = status,
            ContentType = type,
            Body = body,
        }));
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        (await page.EvaluateAsync<bool>("vitrine.flush()")).ShouldBeFalse();
        await shop.Window.UnrouteAllAsync();

        // A try of the SDK's own may still be under way with the foreign answer, and a flush joins it.
        await Poll.UntilAsync("a flush is acknowledged", Limit, () => page.EvaluateAsync<bool>("vitrine.flush()"));
        await shop.EventsAsync(1);
    }

    [Fact]
    public async Task Where_storage_is_full_too()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("for (let size = 1 << 22; size > 0; size >>= 1) { try { for (let i = 0; ; i++) localStorage.setItem(`fill${size}.${i}`, 'x'.repeat(size)); } catch { } }");
        await page.EvaluateAsync("vitrine.trackImpression([context, context])");
        await shop.EventsAsync(2);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_that_wants_to_be_left_alone_is_asked_after_the_pause_it_names(int status)
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        var moments = new List<long>();
        await shop.Window.RouteAsync("**/v1/experiences/events", async route =>
        {
            if (route.Request.Method == "POST")
            {
                moments.Add(System.Diagnostics.Stopwatch.GetTimestamp());
            }

            await (moments.Count <= 1 && route.Request.Method == "POST"
                ? route.FulfillAsync(new RouteFulfillOptions
                {
                    Status = status,
                    Headers = new Dictionary<string, string>
                    {
                        ["Retry-After"] = "3",
                        ["Access-Control-Allow-Origin"] = shop.Address.GetLeftPart(UriPartial.Authority),
                        ["Access-Control-Expose-Headers"] = "Retry-After",
                    },
                    ContentType = "application/json",
                    Body = """{"title":"Rate Limit Exceeded","description":"…"}""",
                })
                : route.ContinueAsync());
        });
        await page.EvaluateAsync("vitrine.trackImpression(context); vitrine.flush()");
        await shop.EventsAsync(1);
        System.Diagnostics.Stopwatch.GetElapsedTime(moments[0], moments[1]).ShouldBeGreaterThan(TimeSpan.FromSeconds(2.9));
        shop.Reported.SelectMany(static uuids => uuids).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_event_of_a_clock_that_is_days_ahead_counts_at_its_arrival()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await page.Clock.SetSystemTimeAsync(Now.UtcDateTime.AddDays(3));
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        await page.Clock.SetSystemTimeAsync(Now.UtcDateTime.AddDays(-3));
        await page.EvaluateAsync("vitrine.trackImpression(context)");
        var times = (await shop.EventsAsync(2)).Select(static one => DateTimeOffset.FromUnixTimeSeconds(one.GetProperty("event_time").GetInt64())).Order().ToList();
        (Now - times[0]).TotalDays.ShouldBe(3, 0.1);
        (Now - times[1]).TotalDays.ShouldBe(0, 0.1);
        (await page.EvaluateAsync<int>("vitrine.dropped")).ShouldBe(0);
    }

    [Fact]
    public async Task A_queue_that_is_full_lets_the_oldest_go_and_counts_them()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await page.EvaluateAsync($"() => {{ window.small = new Vitrine({{ host: '{shop.Server.Address.GetLeftPart(UriPartial.Authority)}', workspace: '{shop.Server.Workspace}', clientKey: document.querySelector('script').dataset.clientKey, maximumQueued: 10 }}); }}");
        await shop.Window.SetOfflineAsync(true);
        await page.EvaluateAsync("for (let i = 0; i < 25; i++) small.trackClick(context, { button_id: 'b' + i })");
        (await page.EvaluateAsync<string>("`${small.queued} ${small.dropped}`")).ShouldBe("10 15");
        await shop.Window.SetOfflineAsync(false);
        (await shop.EventsAsync(10)).Select(static one => one.GetProperty("attributes").GetProperty("button_id").GetString())
            .Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(15, 10).Select(static number => $"b{number}"));
    }

    [Fact]
    public async Task What_the_server_will_never_take_does_not_hold_up_the_rest()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("vitrine.identify('guest'); vitrine.trackImpression(context); vitrine.trackImpression({ cid: 'alone' }); vitrine.identify('ada'); vitrine.trackImpression({ cid: 'alone' }); vitrine.trackImpression(context)");
        (await shop.EventsAsync(1))[0].GetProperty("customer_id").GetString().ShouldBe("ada");
        await EmptyAsync(page);
        (await page.EvaluateAsync<int>("vitrine.dropped")).ShouldBe(3);
    }

    [Fact]
    public async Task What_cannot_even_be_read_is_found_among_the_rest_and_given_up()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("""
            () => {
              let deep = {};
              for (let i = 0; i < 70; i++) deep = { deep };
              vitrine.identify("");
              for (let i = 0; i < 5; i++) vitrine.trackClick(context, i === 2 ? { deep } : null);
            }
            """);
        (await shop.EventsAsync(4)).ShouldAllBe(static one => one.GetProperty("customer_id").GetString()!.Length == 36);
        await EmptyAsync(page);
        (await page.EvaluateAsync<int>("vitrine.dropped")).ShouldBe(1);
    }

    private static Task EmptyAsync(IPage page) => Poll.UntilAsync("the queue is empty", Limit, async () => await page.EvaluateAsync<int>("vitrine.queued") == 0);
}
