using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>No body, however broken, is answered with anything but its error, and none of them leaves an event.</summary>
public sealed class MalformedBodyTests(MalformedBodyTests.OneShop fixture) : IClassFixture<MalformedBodyTests.OneShop>
{
    public static TheoryData<string> Names() => new(MalformedBodies.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_refused_and_nothing_is_stored(string name)
    {
        var body = MalformedBodies.All[name];
        var shop = fixture.Shop;
        var refused = await RefusedAsync(shop);
        var answer = await shop.PostAsync(body.Bytes, contentEncoding: body.Encoding);

        answer.ShouldBeError(body.Status, body.Title);
        answer.Json.ContainsKey("code").ShouldBe(body.Title == MalformedBody.Invalid);
        await shop.ShouldHaveStoredNothingAsync();
        (await RefusedAsync(shop)).ShouldBe(refused + 1);
        (await shop.PostAsync(body.Bytes, contentEncoding: body.Encoding, prefer: "handling=lenient, return=representation"))
            .Status.ShouldBeLessThan(500);
        (await shop.EventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public void There_are_many() => MalformedBodies.All.Count.ShouldBeGreaterThan(150);

    private static async Task<long> RefusedAsync(Shop shop) => (long)(await shop.LedgerAsync())["requests"]!["refused"]!;

    /// <summary>One shop for all of them: whatever one body left would be found after each of the others.</summary>
    public sealed class OneShop(SharedServer shared)
    {
        public Shop Shop { get; } = shared.OpenShop();
    }
}
