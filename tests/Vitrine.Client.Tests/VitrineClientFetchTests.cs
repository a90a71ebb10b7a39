using System.Net;
using System.Text.Json;
using Vitrine.Client.Tests.Support;

namespace Vitrine.Client.Tests;

public sealed class VitrineClientFetchTests
{
    private const string Banner = """
        {"homepage-banner":{"payload":{"Title":{"value":"Hello","data_type":"string"}},"experience_context":{"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A",
         "experience":"Homepage banner","moe_locale_id":"0","moe_variation_id":"1","audience_name":"All Users","audience_id":"5A","type":"Web Personalization"}}}
        """;

    [Fact]
    public async Task It_fetches_for_whom_it_is_told_with_what_the_session_is_about()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok($$"""{"experiences":{{Banner}},"failures":{"other-banner":"USER_NOT_IN_SEGMENT"} }""");
        var result = await app.Start().FetchAsync(
            ["homepage-banner", "other-banner"], new Dictionary<string, object?> { ["utm_medium"] = "mail", ["visits"] = 3, ["identifiers"] = "not these" }, "ada");
        JsonElement.DeepEquals(app.Server.Bodies.ShouldHaveSingleItem(), JsonDocument.Parse(
            """{"utm_medium":"mail","visits":3,"identifiers":{"customer_id":"ada"},"experience_key":["homepage-banner","other-banner"]}""").RootElement).ShouldBeTrue();
        app.Server.Last!.RequestUri.ShouldBe(new Uri("https://vitrine.example/v1/experiences/fetch"));
        app.Server.Last.Headers.Authorization!.ToString().ShouldBe("Basic U0hPUDp2Y2tfMDEyMzQ1Njc4OQ==");
        app.Server.Last.Headers.GetValues("MOE-APPKEY").ShouldBe(["SHOP"]);
        result.Source.ShouldBe(FetchSource.Network);
        result["homepage-banner"]!.Payload.GetString("Title").ShouldBe("Hello");
        result["homepage-banner"]!.Context["type"].ShouldBe("Web Personalization");
        result["other-banner"].ShouldBeNull();
        result.Failures["other-banner"].ShouldBe("USER_NOT_IN_SEGMENT");
    }

    [Fact]
    public async Task An_app_that_starts_offline_shows_what_it_fetched_last()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok($$"""{"experiences":{{Banner}}}""");
        var client = app.Start();
        await client.IdentifyAsync("ada");
        await client.FetchAsync();
        var fetchedAt = app.Time.GetUtcNow();
        await client.DisposeAsync();

        app.Time.Advance(TimeSpan.FromHours(3));
        app.Server.Answer = static (_, _) => throw new HttpRequestException("no network");
        var later = app.Start();
        var result = await later.FetchAsync(["homepage-banner"]);
        (result.Source, result.FetchedAt).ShouldBe((FetchSource.Cache, fetchedAt));
        result["homepage-banner"]!.Source.ShouldBe(FetchSource.Cache);
        result["homepage-banner"]!.Payload.GetString("Title").ShouldBe("Hello");
        (await later.FetchAsync(["other-banner"])).Experiences.ShouldBeEmpty();
        (await Should.ThrowAsync<VitrineException>(later.FetchAsync(customerId: "grace"))).Code.ShouldBe(VitrineException.NoAnswer);
        await later.IdentifyAsync("grace");
        await Should.ThrowAsync<VitrineException>(later.FetchAsync());
    }

    [Fact]
    public async Task What_the_customer_no_longer_gets_is_not_kept()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number < 3 ? FakeServer.Ok(number == 1 ? $$"""{"experiences":{{Banner}}}""" : """{"experiences":{}}""") : FakeServer.Of(HttpStatusCode.BadGateway, "");
        var client = app.Start();
        await client.FetchAsync();
        await client.FetchAsync(["homepage-banner"]);
        (await client.FetchAsync()).Experiences.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_portal_that_answers_everything_is_no_server()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number == 1 ? FakeServer.Ok($$"""{"experiences":{{Banner}}}""") : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<p>Please sign in.</p>") };
        var client = app.Start();
        await client.FetchAsync();
        (await client.FetchAsync()).Source.ShouldBe(FetchSource.Cache);
        (await Should.ThrowAsync<VitrineException>(client.FetchAsync(customerId: "ada"))).Code.ShouldBe(VitrineException.Unreadable);
        (await Should.ThrowAsync<VitrineException>(client.FetchMetadataAsync())).Code.ShouldBe(VitrineException.Unreadable);
    }

    [Fact]
    public async Task What_is_not_as_the_API_has_it_is_passed_over()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok("""{"experiences":{"a":1,"b":{"payload":{},"experience_context":"x"},"c":{"payload":{"t":"no object"},"experience_context":{"cid":7}}},"failures":[]}""");
        var result = await app.Start().FetchAsync();
        result.Experiences.Keys.ShouldBe(["c"]);
        result["c"]!.Payload.GetString("t").ShouldBeNull();
        result["c"]!.Context.Cid.ShouldBe("7");
    }

    [Fact]
    public async Task A_refusal_says_what_was_wrong_and_is_not_papered_over()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number == 1 ? FakeServer.Ok($$"""{"experiences":{{Banner}}}""")
            : FakeServer.Of(HttpStatusCode.BadRequest, """{"title":"Invalid Field Value","description":"DAY_OF_THE_WEEK - Enum doesnt allow value: funday","code":"ABCDEFGH"}""");
        var client = app.Start();
        await client.FetchAsync();
        var fault = await Should.ThrowAsync<VitrineException>(client.FetchAsync());
        (fault.Code, fault.Status, fault.Message).ShouldBe(("Invalid Field Value", 400, "DAY_OF_THE_WEEK - Enum doesnt allow value: funday"));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_away_and_a_caller_who_gives_up_is_let_go()
    {
        await using var app = new App();
        var client = app.Start(static options => options.HttpClient = new HttpClient(new Silence()));
        await using var hurried = app.Start(static options => (options.HttpClient, options.RequestTimeout) = (new HttpClient(new Silence()), TimeSpan.FromMilliseconds(50)));
        (await Should.ThrowAsync<VitrineException>(hurried.FetchAsync())).Code.ShouldBe(VitrineException.NoAnswer);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Should.ThrowAsync<OperationCanceledException>(client.FetchAsync(cancellationToken: patience.Token));
    }

    [Fact]
    public async Task It_lists_what_there_is()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok("""{"metadata":{"count":1,"experiences":[{"experience_name":"Homepage banner","experience_key":"homepage-banner","status":"Active"}]}}""");
        var info = (await app.Start().FetchMetadataAsync(["Active", "Paused"])).ShouldHaveSingleItem();
        app.Server.Last!.RequestUri!.PathAndQuery.ShouldBe("/v1/experiences/metadata?status=Active%2CPaused");
        (info.Key, info.Name, info.Status).ShouldBe(("homepage-banner", "Homepage banner", "Active"));
    }

    [Fact]
    public async Task On_a_server_each_call_names_its_customer()
    {
        await using var app = new App();
        var client = app.Start(static options => options.HasOwnCustomer = false);
        client.CustomerId.ShouldBeNull();
        (await Should.ThrowAsync<InvalidOperationException>(client.FetchAsync())).Message.ShouldStartWith("Name the customer");
        Should.Throw<InvalidOperationException>(() => { _ = client.IdentifyAsync("ada"); });
        client.Shown(App.Context);
        client.Queued.ShouldBe(0);
        client.Shown(App.Context, "ada");
        client.Queued.ShouldBe(1);
        Directory.GetFiles(app.Folder, "*.json", SearchOption.AllDirectories).ShouldBeEmpty("nothing is kept of anybody");
    }

    [Fact]
    public async Task Signing_out_forgets_what_was_fetched_too()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number == 1 ? FakeServer.Ok($$"""{"experiences":{{Banner}}}""") : throw new HttpRequestException("away");
        var client = app.Start();
        await client.IdentifyAsync("ada");
        await client.FetchAsync();
        await client.ResetAsync();
        Directory.GetFiles(app.Folder, "*", SearchOption.AllDirectories).ShouldAllBe(static file => !File.ReadAllText(file).Contains("ada") && !File.ReadAllText(file).Contains("Hello"));
        await client.IdentifyAsync("ada");
        await Should.ThrowAsync<VitrineException>(client.FetchAsync());
    }

    [Fact]
    public async Task Values_go_as_what_they_are()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok("""{"experiences":{}}""");
        await app.Start().FetchAsync([], new Dictionary<string, object?>
        {
            ["float"] = 9.5f, ["short"] = (short)3, ["ulong"] = ulong.MaxValue, ["nan"] = double.NaN, ["undefined"] = default(JsonElement),
            ["moment"] = new DateTime(2024, 9, 2, 6, 31, 6, DateTimeKind.Utc), ["texts"] = new Dictionary<string, string> { ["a"] = "b" },
            ["node"] = new System.Text.Json.Nodes.JsonObject { ["x"] = 1 }, ["list"] = new[] { 1, 2 }, ["day"] = DayOfWeek.Monday,
        }, "ada");
        var sent = app.Server.Bodies.ShouldHaveSingleItem().GetRawText();
        sent.ShouldStartWith("""{"float":9.5,"short":3,"ulong":18446744073709551615,"nan":null,"undefined":null,"moment":"2024-09-02T06:31:06Z","texts":{"a":"b"},"node":{"x":1},"list":[1,2],"day":"Monday",""");
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
