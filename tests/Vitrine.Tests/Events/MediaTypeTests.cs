using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class MediaTypeTests(SharedServer shared)
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; version=1; charset=Utf-8")]
    public async Task Json_in_utf_8_is_accepted(string contentType) =>
        (await shared.OpenShop().PostAsync(Body(), contentType)).ShouldBeAccepted();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("text/plain; charset=utf-8")]
    [InlineData("text/json")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/problem+json")]
    [InlineData("application/jsonx")]
    [InlineData("nonsense")]
    public async Task Anything_else_is_unsupported(string? contentType)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Body(), contentType);
        answer.ShouldBeError(415, "Unsupported Media Type");
        answer.Description!.ShouldContain("application/json");
        answer.Json.ContainsKey("code").ShouldBeFalse();
        await shop.ShouldHaveStoredNothingAsync();
        (await shop.LedgerAsync())["requests"]!["refused_by_reason"]!.ToJsonString().ShouldBe("""{"unsupported_media_type":1}""");
    }

    [Theory]
    [InlineData("compress")]
    [InlineData("deflate")]
    [InlineData("gzip, br")]
    [InlineData("nonsense")]
    public async Task An_unknown_content_encoding_is_unsupported(string contentEncoding)
    {
        var shop = shared.OpenShop();
        var answer = (await shop.PostAsync(Body(), contentEncoding: contentEncoding)).ShouldBeError(415, "Unsupported Media Type");
        answer.Header("Accept-Encoding").ShouldBe("gzip, br, zstd");
        answer.Description!.ShouldContain("gzip, br or zstd");
        await shop.ShouldHaveStoredNothingAsync();
    }

    private static byte[] Body() => Encoding.UTF8.GetBytes(Bodies.One().ToJsonString());
}
