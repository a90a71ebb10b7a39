using System.Net.Sockets;
using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>A body whose chunks are none is the sender's mistake, not a fault of the server.</summary>
public sealed class BrokenChunkTests(SharedServer shared)
{
    [Theory]
    [InlineData("FFFFFFFFFFFF\r\n")]
    [InlineData("no number\r\n")]
    [InlineData("-5\r\n")]
    public async Task It_is_answered_400_and_stores_nothing(string chunk)
    {
        var shop = shared.Server.OpenShop();
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", shared.Server.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Shop.EventsPath} HTTP/1.1\r\nHost: shop\r\nAuthorization: {shop.Credentials}\r\nMOE-APPKEY: {shop.Id}\r\n"
                + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}"),
            TestContext.Current.CancellationToken);

        using var reader = new StreamReader(stream);
        (await reader.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldStartWith("HTTP/1.1 400");

        await shop.ShouldHaveStoredNothingAsync();
    }
}
