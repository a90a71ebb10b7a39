using System.Net.Sockets;
using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

/// <summary>Requests whose framing two servers could read in two ways: none brings in another request, and the server goes on.</summary>
public sealed class HostileRequestTests(SharedServer shared)
{
    private static readonly string Body = Bodies.One().ToJsonString();

    public static TheoryData<string, string> Framings() => new()
    {
        { "two lengths", $"Content-Length: {Body.Length}\r\nContent-Length: 0" },
        { "two lengths in one line", $"Content-Length: {Body.Length}, 0" },
        { "a length and chunks", $"Content-Length: {Body.Length}\r\nTransfer-Encoding: chunked" },
        { "chunks that are not the last coding", "Transfer-Encoding: chunked, identity" },
        { "a coding behind a tab", $"Transfer-Encoding:\tchunked\r\nContent-Length: {Body.Length}" },
        { "a name with a space", $"Content-Length : {Body.Length}" },
        { "a folded line", $"X-One: 1\r\n Content-Length: {Body.Length}" },
        { "a name with a line feed", $"X-One\n: 1\r\nContent-Length: {Body.Length}" },
        { "a null in a value", $"X-One: \0\r\nContent-Length: {Body.Length}" },
    };

    [Theory]
    [MemberData(nameof(Framings))]
    public async Task What_could_be_read_in_two_ways_is_refused(string name, string framing)
    {
        var (shop, smuggled) = (shared.OpenShop(), shared.OpenShop());
        var answers = await SendAsync($"{Head(shop)}{framing}\r\n\r\n{Body}{Head(smuggled)}Content-Length: {Body.Length}\r\n\r\n{Body}");
        answers.ShouldStartWith("HTTP/1.1 400", Case.Sensitive, name);
        answers.Split("HTTP/1.1 ").Length.ShouldBe(2, $"one answer, and the connection is closed: {answers}");
        await shop.ShouldHaveStoredNothingAsync();
        await smuggled.ShouldHaveStoredNothingAsync();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
    }

    [Theory]
    [InlineData(1, 40_000)]
    [InlineData(200, 10)]
    public async Task Headers_are_bounded(int count, int length)
    {
        var shop = shared.OpenShop();
        var headers = string.Concat(Enumerable.Range(0, count).Select(index => $"X-Header-{index}: {new string('x', length)}\r\n"));
        (await SendAsync($"{Head(shop)}{headers}Content-Length: {Body.Length}\r\n\r\n{Body}")).ShouldStartWith("HTTP/1.1 431");
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Fact]
    public async Task An_address_is_bounded() =>
        (await SendAsync($"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: shop\r\n\r\n")).ShouldStartWith("HTTP/1.1 414");

    private static string Head(Shop shop) =>
        $"POST {Shop.EventsPath} HTTP/1.1\r\nHost: shop\r\nAuthorization: {shop.Credentials}\r\nMOE-APPKEY: {shop.Id}\r\nContent-Type: application/json\r\n";

    /// <summary>Sends bytes, and reads whatever is answered until the connection is closed.</summary>
    private async Task<string> SendAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", shared.Server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It is closed already.
        }

        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var read)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (IOException)
        {
            // Closed with bytes that nobody read.
        }

        return answer.ToString();
    }
}
