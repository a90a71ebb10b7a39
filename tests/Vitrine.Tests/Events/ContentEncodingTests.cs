using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class ContentEncodingTests(SharedServer shared)
{
    private const int Limit = 1 << 20;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task Compressed_bodies_are_accepted(string encoding)
    {
        var shop = shared.OpenShop();
        var body = Bodies.Of([.. Enumerable.Range(0, 100).Select(static _ => Bodies.Element(Bodies.Action(), Bodies.Action()))]);
        var compressed = Compression.Of(encoding, Encoding.UTF8.GetBytes(body.ToJsonString()));
        (await shop.PostAsync(compressed, contentEncoding: encoding)).ShouldBeAccepted();
        (await shop.PostAsync(compressed, contentEncoding: encoding.ToUpperInvariant())).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(200);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Uncompressed_bodies_may_say_so(string? encoding) =>
        (await shared.OpenShop().PostAsync(Encoding.UTF8.GetBytes(Bodies.One().ToJsonString()), contentEncoding: encoding)).ShouldBeAccepted();

    [Fact]
    public async Task Identity_beside_a_coding_changes_nothing()
    {
        var compressed = Compression.Of("gzip", Encoding.UTF8.GetBytes(Bodies.One().ToJsonString()));
        (await shared.OpenShop().PostAsync(compressed, contentEncoding: "gzip, identity")).ShouldBeAccepted();
        (await shared.OpenShop().PostAsync(compressed, contentEncoding: "gzip, gzip")).ShouldBeError(415, "Unsupported Media Type");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("identity")]
    public async Task A_body_has_at_most_1_mebibyte_after_decompression(string encoding)
    {
        var shop = shared.OpenShop();
        var compress = (byte[] body) => encoding == "identity" ? body : Compression.Of(encoding, body);
        (await shop.PostAsync(compress(Padded(Limit)), contentEncoding: encoding)).ShouldBeAccepted();
        var answer = (await shop.PostAsync(compress(Padded(Limit + 1)), contentEncoding: encoding)).ShouldBeError(413, "Payload too large");
        answer.Description!.ShouldContain("1,048,576");
        answer.Json.ContainsKey("code").ShouldBeFalse();
        (await shop.EventsAsync()).Count.ShouldBe(1);
        (await shop.LedgerAsync())["requests"]!["refused_by_reason"]!.ToJsonString().ShouldBe("""{"payload_too_large":1}""");
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_limited_likewise()
    {
        var shop = shared.OpenShop();
        (await PostChunkedAsync(shop, Padded(Limit))).ShouldBeAccepted();
        (await PostChunkedAsync(shop, Padded(Limit + 1))).ShouldBeError(413, "Payload too large");
        (await shop.EventsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task A_bomb_is_put_out_at_the_limit(string encoding)
    {
        var shop = shared.OpenShop();
        var bomb = Compression.Of(encoding, new byte[200 << 20]);
        bomb.Length.ShouldBeLessThan(Limit);
        (await shop.PostAsync(bomb, contentEncoding: encoding)).ShouldBeError(413, "Payload too large");
    }

    private static byte[] Padded(int length)
    {
        var body = Bodies.One().ToJsonString();
        return Encoding.UTF8.GetBytes(body.PadRight(length));
    }

    private static Task<Answer> PostChunkedAsync(Shop shop, byte[] body) =>
        shop.SendAsync(HttpMethod.Post, Shop.EventsPath, request =>
        {
            request.Content = new ByteArrayContent(body);
            request.Headers.TransferEncodingChunked = true;
            Shop.AddHeader(request.Content.Headers, "Content-Type", "application/json");
        });
}
