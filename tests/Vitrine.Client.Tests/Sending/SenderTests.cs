using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Vitrine.Client.Tests.Support;

namespace Vitrine.Client.Tests.Sending;

public sealed class SenderTests
{
    private const string Busy = """{"title":"Service Unavailable","description":"Nothing of this request was stored."}""";

    [Fact]
    public async Task Events_wait_for_others_to_be_sent_with_them()
    {
        await using var app = new App();
        var client = app.Start();
        client.Shown(App.Context);
        client.Shown(App.Context);
        var begin = app.Time.GetUtcNow();
        await app.RunUntilAsync("they are sent", () => client.Queued == 0);
        app.Server.Uuids.ShouldHaveSingleItem().Count.ShouldBe(2);
        (app.Time.GetUtcNow() - begin).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_full_batch_waits_for_nothing()
    {
        await using var app = new App();
        var client = app.Start(static options => options.BatchSize = 5);
        client.Shown(Enumerable.Repeat(App.Context, 5));
        await app.RunUntilAsync("they are sent", () => client.Queued == 0, TimeSpan.Zero);
        app.Server.Uuids.SelectMany(static uuids => uuids).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task What_was_not_acknowledged_is_sent_again_with_the_same_uuids()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => number switch
        {
            1 => throw new HttpRequestException("cut off"),
            2 => FakeServer.Of(HttpStatusCode.ServiceUnavailable, Busy),
            3 => FakeServer.Of(HttpStatusCode.Unauthorized, """{"title":"Authentication required","description":"Invalid API_KEY used in Authentication Header"}"""),
            4 => FakeServer.Of(HttpStatusCode.BadRequest, """{"title":"Request Error","description":"MoEngage Client not found."}"""),
            5 => FakeServer.Of(HttpStatusCode.BadRequest, """{"type":"about:blank","title":"Bad Request","status":400}"""), // A proxy's.
            6 => FakeServer.Of(HttpStatusCode.BadRequest, """{"title":"Empty request body","description":"A valid JSON document is required"}"""), // It took the body away.
            7 => FakeServer.Of(HttpStatusCode.UnsupportedMediaType, """{"title":"Unsupported Media Type","description":"application/json is accepted"}"""),
            8 => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<p>Please sign in to this network.</p>") },
            _ => FakeServer.Ok(FakeServer.Acknowledgement),
        };
        var client = app.Start();
        client.Shown(App.Context);
        await app.RunUntilAsync("it is sent", () => client.Queued == 0, TimeSpan.FromSeconds(10));
        app.Server.Uuids.Count.ShouldBe(9);
        app.Server.Uuids.ShouldAllBe(uuids => uuids.SequenceEqual(app.Server.Uuids[0]));
        client.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Pauses_grow_and_stay_below_five_minutes()
    {
        await using var app = new App();
        var moments = new List<DateTimeOffset>();
        app.Server.Answer = (_, _) =>
        {
            moments.Add(app.Time.GetUtcNow());
            return FakeServer.Of(HttpStatusCode.ServiceUnavailable, Busy);
        };
        var pauses = new List<double>();
        var client = app.Start(logs: new Logs(entry => pauses.Add((double)entry.Single(static one => one.Key == "Seconds").Value!)));
        client.Shown(App.Context);
        await app.RunUntilAsync("it was tried often", () => moments.Count >= 20, TimeSpan.FromSeconds(5));
        pauses.ShouldAllBe(static seconds => seconds >= 0 && seconds <= 300);
        pauses.Take(3).Max().ShouldBeLessThanOrEqualTo(8);
        pauses.Skip(8).Max().ShouldBeGreaterThan(pauses.Take(3).Max());
        moments.Zip(moments.Skip(1), static (earlier, later) => (later - earlier).TotalSeconds).Zip(pauses).ShouldAllBe(static one => one.First >= one.Second - 0.001);
    }

    [Fact]
    public async Task A_flush_that_came_through_ends_the_pause()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) =>
        {
            var answer = number == 1 ? FakeServer.Of(HttpStatusCode.ServiceUnavailable, Busy) : FakeServer.Ok(FakeServer.Acknowledgement);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromHours(1));
            return answer;
        };
        var client = app.Start();
        client.Shown(App.Context);
        (await client.FlushAsync()).ShouldBeFalse();
        (await client.FlushAsync()).ShouldBeTrue();
        client.Shown(App.Context);
        var begin = app.Time.GetUtcNow();
        await app.RunUntilAsync("it is sent", () => client.Queued == 0);
        (app.Time.GetUtcNow() - begin).ShouldBeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task A_proxy_that_takes_no_large_bodies_gets_smaller_ones()
    {
        await using var app = new App();
        app.Server.Answer = static (_, body) => FakeServer.UuidsOf(body).Count() > 10
            ? new HttpResponseMessage(HttpStatusCode.RequestEntityTooLarge) { Content = new StringContent("<h1>413</h1>") }
            : FakeServer.Ok(FakeServer.Acknowledgement);
        var client = app.Start(static options => options.BatchDelay = TimeSpan.FromHours(1));
        client.Shown(Enumerable.Repeat(App.Context, 99));
        (await client.FlushAsync()).ShouldBeTrue();
        (client.Queued, client.Dropped).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_busy_process_takes_over_what_another_left()
    {
        await using var app = new App();
        var busy = app.Start();
        var other = app.Start(static options => options.BatchDelay = TimeSpan.FromHours(1));
        other.Shown(App.Context, "of the other");
        other.Dispose();
        await app.RunUntilAsync("it is sent", () =>
        {
            busy.Shown(App.Context);
            return app.Server.Bodies.Any(static body => body.GetRawText().Contains("of the other", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_server_that_wants_to_be_left_alone_is_left_alone_for_so_long(int status)
    {
        await using var app = new App();
        var moments = new List<DateTimeOffset>();
        app.Server.Answer = (number, _) =>
        {
            moments.Add(app.Time.GetUtcNow());
            var answer = FakeServer.Of(number == 1 ? (HttpStatusCode)status : HttpStatusCode.OK, number == 1 ? Busy : FakeServer.Acknowledgement);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(90));
            return answer;
        };
        var client = app.Start();
        client.Shown(App.Context);
        await app.RunUntilAsync("it is sent", () => client.Queued == 0);
        (moments[1] - moments[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task What_the_server_will_never_take_is_given_up_and_counted_and_the_rest_is_taken()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => FakeServer.Ok(FakeServer.Acknowledgement[..^1]
            + ""","errors":[{"path":"/elements/1/customer_id","reason":"'null' stands for nobody"},{"path":"/elements/7","reason":"there is none"}]}""");
        var client = app.Start();
        client.Shown(App.Context);
        client.Shown(App.Context, "null");
        client.Shown(App.Context);
        (await client.FlushAsync()).ShouldBeTrue();
        client.Queued.ShouldBe(0);
        client.Dropped.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_makes_the_whole_request_be_refused_is_found_among_the_others()
    {
        await using var app = new App();
        var taken = new List<Guid>();
        app.Server.Answer = (_, body) =>
        {
            if (body.GetRawText().Contains("unreadable", StringComparison.Ordinal))
            {
                return FakeServer.Of(HttpStatusCode.BadRequest, """{"title":"Malformed JSON","description":"Could not decode the request body."}""");
            }

            taken.AddRange(FakeServer.UuidsOf(body));
            return FakeServer.Ok(FakeServer.Acknowledgement);
        };
        var client = app.Start(static options => options.BatchDelay = TimeSpan.FromHours(1));
        client.Shown(Enumerable.Repeat(App.Context, 17));
        client.Shown(App.Context, "unreadable");
        client.Shown(Enumerable.Repeat(App.Context, 32));
        (await client.FlushAsync()).ShouldBeTrue();
        client.Dropped.ShouldBe(1);
        taken.Count.ShouldBe(49);
        taken.Distinct().Count().ShouldBe(49);
        app.Server.Bodies.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task An_event_of_a_clock_that_is_wrong_is_sent_without_its_time()
    {
        await using var app = new App();
        app.Server.Answer = static (number, _) => FakeServer.Ok(number == 1
            ? FakeServer.Acknowledgement[..^1] + ""","errors":[{"path":"/elements/0/actions/0/event_time","reason":"lies more than 24 h ahead"}]}"""
            : FakeServer.Acknowledgement);
        var client = app.Start();
        client.Clicked(App.Context, new Dictionary<string, object?> { ["event_time"] = "the app's own" });
        await app.RunUntilAsync("it is sent", () => client.Queued == 0);
        var (first, second) = (ActionOf(app.Server.Bodies[0]), ActionOf(app.Server.Bodies[1]));
        first.TryGetProperty("event_time", out _).ShouldBeTrue();
        second.TryGetProperty("event_time", out _).ShouldBeFalse();
        second.GetProperty("moe_event_uuid").GetGuid().ShouldBe(first.GetProperty("moe_event_uuid").GetGuid());
        second.GetProperty("attributes").GetRawText().ShouldBe(first.GetProperty("attributes").GetRawText());
        client.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task Flushing_says_whether_anything_is_left()
    {
        await using var app = new App();
        app.Server.Answer = static (_, _) => throw new HttpRequestException("away");
        var client = app.Start();
        client.Shown(App.Context);
        (await client.FlushAsync()).ShouldBeFalse();
        client.Queued.ShouldBe(1);
        app.Server.Answer = static (_, _) => FakeServer.Ok(FakeServer.Acknowledgement);
        (await client.FlushAsync()).ShouldBeTrue("whatever pause there is");
        client.Queued.ShouldBe(0);
    }

    private static JsonElement ActionOf(JsonElement body) => body.GetProperty("elements")[0].GetProperty("actions")[0];
}
