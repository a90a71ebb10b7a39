using Microsoft.Extensions.DependencyInjection;
using Vitrine.Client.Tests.Support;

namespace Vitrine.Client.Tests;

/// <summary>Reporting, who the customer is, and beginning and ending. Fetching: <see cref="VitrineClientFetchTests"/>.</summary>
public sealed class VitrineClientTests
{
    [Fact]
    public async Task A_report_says_what_happened_when_and_to_whom()
    {
        await using var app = new App();
        var client = app.Start(static options => options.Platform = "android");
        client.Clicked(App.Context, new Dictionary<string, object?> { ["button_id"] = "buy", ["price"] = 9.5, ["cid"] = "not this one" }, "ada");
        client.Shown(App.Context);
        await client.FlushAsync();
        var elements = app.Server.Bodies.ShouldHaveSingleItem().GetProperty("elements");
        elements[0].GetProperty("customer_id").GetString().ShouldBe("ada");
        elements[0].TryGetProperty("user_timezone_offset", out _).ShouldBeFalse("the customer may be anywhere");
        elements[1].GetProperty("customer_id").GetString().ShouldBe(client.CustomerId);
        elements[1].GetProperty("user_timezone_offset").GetInt32().ShouldBe(0);
        var action = elements[0].GetProperty("actions")[0];
        action.GetProperty("action").GetString().ShouldBe("MOE_PERSONALIZATION_MESSAGE_CLICKED");
        action.GetProperty("event_time").GetInt64().ShouldBe(1725258666);
        action.GetProperty("platform").GetString().ShouldBe("android");
        action.GetProperty("attributes").GetRawText().ShouldBe(
            """{"sdk":"vitrine-net/0.1.0","b_id":"buy","button_id":"buy","price":9.5,"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A","experience":"Homepage banner","moe_locale_id":"0","moe_variation_id":"1","audience_name":"All Users","audience_id":"5A"}""");
    }

    [Fact]
    public async Task Reports_throw_nothing_whatever_they_are_given()
    {
        await using var app = new App();
        var client = app.Start();
        client.Shown((ExperienceContext)null!);
        client.Shown((IEnumerable<ExperienceContext>)null!);
        client.Shown([App.Context, null!, App.Context]);
        client.Clicked(App.Context, new Dictionary<string, object?> { ["not"] = double.NaN, ["odd"] = new Uri("https://vitrine.example"), ["list"] = new[] { 1, 2 } });
        client.Queued.ShouldBe(3);
        await client.DisposeAsync();
        client.Shown(App.Context);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_list_that_throws_when_it_is_read_does_not_throw_at_the_app()
    {
        await using var app = new App();
        app.Start().Shown(Enumerable.Range(0, 3).Select(static number => number < 2 ? App.Context : throw new InvalidOperationException("the app's own fault")));
    }

    [Fact]
    public async Task The_made_up_id_stays_until_it_is_forgotten_and_who_is_identified_goes_before_it()
    {
        await using var app = new App();
        var client = app.Start();
        var first = client.CustomerId;
        Guid.TryParse(first, out _).ShouldBeTrue();
        await client.IdentifyAsync("ada");
        client.CustomerId.ShouldBe("ada");
        await client.DisposeAsync();
        var again = app.Start();
        again.CustomerId.ShouldBe("ada");
        await again.IdentifyAsync("");
        again.CustomerId.ShouldBe(first);
        await again.ResetAsync();
        again.CustomerId.ShouldNotBeOneOf("ada", first);
    }

    [Fact]
    public async Task What_is_meant_for_one_server_never_goes_to_another()
    {
        await using var app = new App();
        var client = app.Start();
        client.Shown(App.Context);
        await client.DisposeAsync();
        app.Start(static options => options.Host = new Uri("https://staging.example")).Queued.ShouldBe(0);
        app.Start(static options => options.Workspace = "SHOP_DEBUG").Queued.ShouldBe(0);
        app.Start().Queued.ShouldBe(1);
    }

    [Fact]
    public async Task Ending_sends_what_is_queued_but_does_not_wait_for_ever()
    {
        await using var app = new App();
        var client = app.Start(static options => options.DisposeLimit = TimeSpan.FromSeconds(20));
        client.Shown(App.Context);
        await client.DisposeAsync();
        app.Server.Uuids.ShouldHaveSingleItem();

        var stuck = app.Start(static options => (options.HttpClient, options.DisposeLimit) = (new HttpClient(new Silence()), TimeSpan.FromMilliseconds(50)));
        stuck.Shown(App.Context);
        await stuck.DisposeAsync();
        app.Start().Queued.ShouldBe(1);
    }

    [Fact]
    public async Task An_app_adds_one_for_all_its_services()
    {
        await using var app = new App();
        await using var services = new ServiceCollection().AddVitrine(options =>
        {
            (options.Host, options.Workspace, options.Key, options.Folder) = (new Uri("https://vitrine.example"), "SHOP", "key", app.Folder);
            options.HttpClient = new HttpClient(app.Server, disposeHandler: false);
        }).BuildServiceProvider();
        services.GetRequiredService<VitrineClient>().ShouldBeSameAs(services.GetRequiredService<VitrineClient>());
        services.GetRequiredService<VitrineClient>().Shown(App.Context, "ada");
        await services.DisposeAsync();
        app.Server.Uuids.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_log_that_fails_keeps_nobody_from_reporting_and_sending()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number == 1 ? throw new HttpRequestException("away") : FakeServer.Ok(FakeServer.Acknowledgement);
        var client = app.Start(logs: new Logs(static _ => throw new InvalidOperationException("the log is full")));
        client.Shown((ExperienceContext)null!);
        client.Shown(App.Context);
        await app.RunUntilAsync("it is sent", () => client.Queued == 0);
    }

    [Fact]
    public async Task It_sends_as_nobodys_part_whoever_was_the_first_to_ask_for_it()
    {
        await using var app = new App();
        var request = new AsyncLocal<string>();
        var seen = new List<string?>();
        app.Server.Answer = (_, _) =>
        {
            seen.Add(request.Value);
            return FakeServer.Ok(FakeServer.Acknowledgement);
        };
        request.Value = "the first request";
        var client = app.Start();
        client.Shown(App.Context);
        await app.RunUntilAsync("it is sent", () => client.Queued == 0);
        seen.ShouldBe([null]);
    }

    [Fact]
    public async Task Ending_at_once_leaves_the_rest_for_the_next_start()
    {
        await using var app = new App();
        var client = app.Start();
        client.Shown(App.Context);
        client.Dispose();
        client.Dispose();
        await client.DisposeAsync();
        app.Start().Queued.ShouldBe(1);
        app.Server.Bodies.ShouldBeEmpty();
    }

    /// <summary>Never answers.</summary>
    private sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException("never");
        }
    }
}
