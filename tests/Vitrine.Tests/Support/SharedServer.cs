using Vitrine.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Vitrine.Tests.Support;

/// <summary>The server of all tests that need no special one; each opens a shop of its own on it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public Shop OpenShop(string timeZone = "UTC") => Server.OpenShop(timeZone);

    public async ValueTask InitializeAsync() => Server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
