using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

[Collection(OnNats.Name)]
public sealed class PassingOnTests(NatsServers nats)
{
    [Fact]
    public async Task A_path_is_passed_on_as_it_came()
    {
        await using var cluster = await SplitCluster.StartAsync(nats);
        await Eventually.BeTrueAsync(async () => (await cluster.Elsewhere.GetAsync("/api/v1/ledger")).Status == 200); // They know of each other.
        foreach (var customer in new[] { "a/b", "a%2Fb", "a%252Fb/c", "mit Größe?&#+ ~.", "../x" })
        {
            await cluster.Elsewhere.SetAttributesAsync(customer, """{"a":1}""");
            ((string?)(await cluster.Elsewhere.GetCustomerAsync(customer)).Json["customer_id"]).ShouldBe(customer);
        }
    }
}
