using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class EnvironmentTests(SharedServer shared)
{
    [Fact]
    public async Task The_test_environment_has_the_same_key_and_its_own_data()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.Debug.PostAsync(Bodies.One())).ShouldBeAccepted();
        (await shop.Debug.PostAsync(Bodies.One())).ShouldBeAccepted();

        (await shop.EventsAsync()).Count.ShouldBe(1);
        (await shop.Debug.EventsAsync()).Count.ShouldBe(2);
        ((long)(await shop.LedgerAsync())["events"]!["received"]!).ShouldBe(1);
        ((long)(await shop.Debug.LedgerAsync())["events"]!["received"]!).ShouldBe(2);
        var path = $"/api/v1/reports/experiences/{Bodies.Cid.Split('_')[0]}";
        ((long)(await shop.ReadAsync(path))["total"]!["impressions"]!).ShouldBe(1);
        ((long)(await shop.Debug.ReadAsync(path))["total"]!["impressions"]!).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_uuid_counts_in_each_environment()
    {
        var (shop, other) = (shared.OpenShop(), shared.OpenShop());
        var body = Bodies.One();
        foreach (var one in new[] { shop, shop.Debug, other, shop })
        {
            (await one.PostAsync(body)).ShouldBeAccepted();
        }

        foreach (var one in new[] { shop, shop.Debug, other })
        {
            (await one.EventsAsync()).Count.ShouldBe(1);
        }

        ((long)(await shop.LedgerAsync())["events"]!["duplicate"]!).ShouldBe(1);
    }
}
