using System.Net.Sockets;
using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>A body that did not arrive: nobody can say what it held, so it is no malformed JSON and not in the books.</summary>
public sealed class BrokenBodyTests(SharedServer shared)
{
    [Theory]
    [InlineData("FFFFFFFFFFFF\r\n")]
    [InlineData("no number\r\n")]
    [InlineData("-5\r\n")]
    public async Task Chunks_that_are_none_are_answered_400(string chunk)
    {
        var shop = shared.OpenShop();
        using var socket = await SendAsync(shop, "Transfer-Encoding: chunked", chunk);

        (await StatusAsync(socket)).ShouldStartWith("HTTP/1.1 400");

        await ShouldNotBeInTheBooksAsync(shop);
    }

    [Fact]
    public async Task One_that_stops_arriving_is_answered_408_so_that_a_client_sends_it_again()
    {
        var shop = shared.OpenShop();
        using var socket = await SendAsync(shop, "Content-Length: 1000", """{"elements":[""");

        (await StatusAsync(socket)).ShouldStartWith("HTTP/1.1 408");

        await ShouldNotBeInTheBooksAsync(shop);
    }

    [Fact]
    public async Task One_whose_sender_goes_away_leaves_nothing()
    {
        var shop = shared.OpenShop();
        using (await SendAsync(shop, "Content-Length: 1000", """{"elements":["""))
        {
        }

        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        ((long)(await shop.LedgerAsync())["requests"]!["received"]!).ShouldBe(1);
    }

    private static async Task ShouldNotBeInTheBooksAsync(Shop shop)
    {
        await shop.ShouldHaveStoredNothingAsync();
        ((long)(await shop.LedgerAsync())["requests"]!["received"]!).ShouldBe(0);
    }

    private static async Task<TcpClient> SendAsync(Shop shop, string framing, string body)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", shop.Server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Shop.EventsPath} HTTP/1.1\r\nHost: shop\r\nAuthorization: {shop.Credentials}\r\nMOE-APPKEY: {shop.Id}\r\n"
                + $"Content-Type: application/json\r\n{framing}\r\n\r\n{body}"),
            TestContext.Current.CancellationToken);
        return socket;
    }

    private static async Task<string?> StatusAsync(TcpClient socket)
    {
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }
}
