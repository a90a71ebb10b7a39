using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Forwarding;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Forwarding;

/// <summary>What requests hold, and how they are signed.</summary>
public sealed class ChannelTests
{
    private const string Secret = "0123456789abcdef";

    private static readonly WebhookTarget Hook = new() { Name = "hook", Environment = "SHOP", Url = new Uri("http://localhost"), Secret = Secret };

    [Fact]
    public void A_signature_is_the_hmac_of_the_seconds_a_full_stop_and_the_body()
    {
        var signature = WebhookChannel.Signature(Encoding.UTF8.GetBytes(Secret), 1_764_000_000, "{\"a\":1}"u8);
        var right = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes("1764000000.{\"a\":1}"));
        signature.ShouldBe("t=1764000000,v1=" + Convert.ToHexStringLower(right));
    }

    [Fact]
    public async Task A_repetition_has_the_delivery_id_of_the_first_try_and_another_delivery_has_another()
    {
        await using var receiver = await StubReceiver.StartAsync();
        await using var channel = new WebhookChannel(Target(receiver), new HttpSender(TimeSpan.FromSeconds(10), TimeProvider.System), Clock.New());
        var items = Items.Many(5);
        await channel.SendAsync(items, TestContext.Current.CancellationToken);
        await channel.SendAsync(items, TestContext.Current.CancellationToken);
        await channel.SendAsync([.. items.Skip(1)], TestContext.Current.CancellationToken);
        var ids = receiver.Requests.Select(static one => one.Headers["Vitrine-Delivery"]).ToList();
        ids[1].ShouldBe(ids[0]);
        ids[2].ShouldNotBe(ids[0]);
        var first = receiver.Requests[0];
        first.Headers["Vitrine-Signature"].ShouldBe(WebhookChannel.Signature(Encoding.UTF8.GetBytes(Secret), Clock.Now, Encoding.UTF8.GetBytes(first.Body)));
        var body = JsonNode.Parse(first.Body)!;
        ((string?)body["target"]).ShouldBe("hook");
        body["events"]!.AsArray().Select(static one => (string?)one!["customer_id"]).ShouldBe(items.Select(static one => one.CustomerId));
        ((string?)body["events"]![0]!["received_at"]).ShouldBe("2026-11-24T12:00:00.000Z");
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(204, 0)]
    [InlineData(400, 1)]
    [InlineData(413, 1)]
    [InlineData(422, 1)]
    [InlineData(301, 2)]
    [InlineData(401, 2)]
    [InlineData(403, 2)]
    [InlineData(404, 2)]
    [InlineData(408, 2)]
    [InlineData(429, 2)]
    [InlineData(500, 2)]
    [InlineData(503, 2)]
    public async Task Only_what_the_request_itself_is_to_blame_for_is_poison(int status, int verdict)
    {
        await using var receiver = await StubReceiver.StartAsync();
        receiver.Answer = _ => status;
        await using var channel = new WebhookChannel(Target(receiver), new HttpSender(TimeSpan.FromSeconds(10), TimeProvider.System), Clock.New());
        var delivery = await channel.SendAsync(Items.Many(1), TestContext.Current.CancellationToken);
        delivery.Verdict.ShouldBe((Verdict)verdict);
        delivery.RetryAfter.ShouldBe(status is 429 ? TimeSpan.FromSeconds(7) : null);
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_that_says_so()
    {
        Uri gone;
        await using (var receiver = await StubReceiver.StartAsync())
        {
            gone = receiver.Url;
        }

        await using var channel = new WebhookChannel(new WebhookTarget { Name = "hook", Environment = "SHOP", Url = gone, Secret = Secret }, new HttpSender(TimeSpan.FromSeconds(10), TimeProvider.System), Clock.New());
        var delivery = await channel.SendAsync(Items.Many(1), TestContext.Current.CancellationToken);
        (delivery.Verdict, delivery.Reason).ShouldBe((Verdict.Failed, "no connection: ConnectionRefused"));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_given_up_and_tried_again_later()
    {
        await using var receiver = await StubReceiver.StartAsync();
        receiver.Hangs = true;
        await using var channel = new WebhookChannel(Target(receiver), new HttpSender(TimeSpan.FromMilliseconds(200), TimeProvider.System), Clock.New());
        (await channel.SendAsync(Items.Many(1), TestContext.Current.CancellationToken)).Verdict.ShouldBe(Verdict.Failed);
    }

    [Fact]
    public void A_request_of_the_vendors_has_at_most_a_hundred_elements_of_a_hundred_actions_and_a_mebibyte()
    {
        var channel = MoEngage(compare: false);
        Take(channel, [.. Enumerable.Range(0, 250).Select(static number => Items.Event(string.Create(CultureInfo.InvariantCulture, $"customer-{number}"), number))]).ShouldBe(100);
        Take(channel, [.. Enumerable.Range(0, 12_000).Select(static number => Items.Event("ada", number))]).ShouldBeInRange(2_000, 10_000);
        Take(channel, [.. Enumerable.Range(0, 10).Select(static number => Items.Event("ada", number, bytes: 300_000))]).ShouldBe(3);
        Take(channel, [Items.Event("ada", 1, bytes: 2_000_000), Items.Event("ada", 2)]).ShouldBe(1, "what is larger alone is sent alone: the target says whether it takes it");
        Take(channel, [.. Enumerable.Range(0, 250).Select(static number => Items.Goal("ada", 1, number))]).ShouldBe(100);
        Take(channel, [Items.Goal("ada", 1), Items.Goal("bob", 2)]).ShouldBe(1);
        Take(channel, [Items.Event("ada", 1), Items.Goal("ada", 2)]).ShouldBe(1);
        Take(channel, [Items.Event("ada", 1), Items.Profile("ada", 2)]).ShouldBe(1);
        Take(channel, [Items.Profile("ada", 1), Items.Profile("ada", 2)]).ShouldBe(1);
        Take(MoEngage(compare: true), [Items.Event("ada", 1), Items.Event("bob", 1, 1), Items.Event("ada", 2)]).ShouldBe(2, "a record is a request");
    }

    [Fact]
    public void A_delivery_of_messages_has_no_customer_twice()
    {
        var channel = new NatsChannel(new NatsTarget { Name = "n", Environment = "SHOP", Url = "nats://localhost:1", Subject = "e.{environment}.{action}" }, TimeSpan.FromSeconds(1), TimeProvider.System);
        Take(channel, [Items.Event("ada", 1), Items.Event("bob", 1), Items.Event("ada", 2), Items.Event("eve", 3)]).ShouldBe(2);
        channel.Subject(Items.Goal("ada", 1)).ShouldBe("e.SHOP.Order_Placed");
    }

    private static int Take(IChannel channel, ForwardedItem[] items) => channel.Take(items);

    private static MoEngageChannel MoEngage(bool compare) => new(
        new MoEngageTarget { Name = "v", Environment = "SHOP", Url = Hook.Url, DataUrl = Hook.Url, Workspace = "SHOP", Key = Secret, DataKey = Secret, Compare = compare },
        new HttpSender(TimeSpan.FromSeconds(1), TimeProvider.System));

    private static WebhookTarget Target(StubReceiver receiver) => new() { Name = "hook", Environment = "SHOP", Url = receiver.Url, Secret = Secret };
}
