using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

public sealed class HealthEndpointsTests(SharedServer shared)
{
    [Theory]
    [InlineData("/healthz/live", "live\n")]
    [InlineData("/healthz/ready", "ready\n")]
    public async Task A_probe_may_ask_with_or_without_a_body(string path, string text)
    {
        (await shared.OpenShop().GetAsync(path)).ShouldBeAccepted().Text.ShouldBe(text);
        (await shared.OpenShop().SendAsync(HttpMethod.Head, path, static _ => { })).ShouldBeAccepted().Text.ShouldBeEmpty();
    }
}
