using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Decisions;
using Vitrine.Experiences;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

public sealed class PublishTests
{
    private const int Versions = 20;

    [Fact]
    public async Task While_versions_are_published_every_fetch_gets_a_whole_one_and_never_an_older_one_again()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.PublishedAsync(Document(0));
        await shop.PublishedAsync(Authoring.Document("another-one"));
        using var published = new CancellationTokenSource();
        var answered = 0;
        var fetching = Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            var last = 0;
            do
            {
                var oldest = TestCluster.IsAsked ? Volatile.Read(ref answered) : last; // Of nodes one may know a version already that is not answered yet, and the next one asked may not.
                var experiences = await shop.FetchedAsync($"customer-{reader}", "checkout-banner", "another-one");
                experiences.Count.ShouldBe(2);
                var payload = experiences["checkout-banner"]!["payload"]!;
                ((string)payload["first"]!["value"]!).ShouldBe((string)payload["second"]!["value"]!);
                var version = int.Parse((string)payload["first"]!["value"]!, null);
                version.ShouldBeGreaterThanOrEqualTo(oldest);
                last = version;
            }
            while (!published.IsCancellationRequested || last < Versions);
        })).ToList();
        for (var version = 1; version <= Versions; version++)
        {
            await shop.ReplaceAsync("checkout-banner", Document(version));
            await shop.StepAsync("checkout-banner", "publish");
            Volatile.Write(ref answered, version);
        }

        await published.CancelAsync();
        await Task.WhenAll(fetching);
    }

    /// <summary>Several make changes at once, and one of them takes over the changes of all.</summary>
    [Fact]
    public async Task Whoever_has_published_is_decided_by_whoever_else_publishes()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        var environment = server.Catalog.Current.Find(shop.Id)!;
        var (authoring, source) = (server.Service<ExperienceAuthoring>(), server.Service<DecisionSource>());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(publisher => Task.Factory.StartNew(
            () =>
            {
                for (var number = 0; number < 25; number++)
                {
                    var key = $"experience-{publisher}-{number}";
                    authoring.Create(environment, "me", JsonSerializer.SerializeToElement(Authoring.Document(key, key)));
                    authoring.Publish(environment, "me", key, null);
                    source.Of(shop.Id).Find(Encoding.UTF8.GetBytes(key)).ShouldNotBeNull();
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    [Fact]
    public async Task After_a_restart_everybody_gets_what_he_got()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        List<string> before;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await shop.PublishedAsync(Authoring.Document());
            await shop.ChangedAsync("checkout-banner", new JsonObject { ["audiences"] = new JsonArray(Authoring.Audience("Everybody", ("Red", 20), ("Blue", 70), ("Green", 10))) });
            await shop.StepAsync("checkout-banner", "publish");
            before = await FetchAsync(shop);
        }

        before.Distinct().Count().ShouldBe(3);
        await using var again = await TestServer.StartAsync(folder.Path);
        (await FetchAsync(shop.On(again))).ShouldBe(before);
    }

    private static async Task<List<string>> FetchAsync(Shop shop)
    {
        var fetched = new List<string>();
        foreach (var customer in Enumerable.Range(0, 60))
        {
            fetched.Add((await shop.FetchedAsync($"customer-{customer}"))["checkout-banner"]!.ToJsonString());
        }

        return fetched;
    }

    private static JsonObject Document(int version)
    {
        var text = new JsonObject { ["data_type"] = "string", ["value"] = version.ToString("0", null) };
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(new JsonObject
        {
            ["name"] = "Everybody",
            ["variations"] = new JsonArray(new JsonObject { ["name"] = "Only", ["payload"] = new JsonObject { ["first"] = text, ["second"] = text.DeepClone() } }),
        });
        return document;
    }
}
