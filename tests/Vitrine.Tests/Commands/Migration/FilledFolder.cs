using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vitrine.Projection;
using Vitrine.Tests.Privacy;
using Vitrine.Tests.Projection;
using Vitrine.Tests.Retention;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Commands.Migration;

/// <summary>The data folder of a server that ran alone and has seen everything, and what its clients remember.</summary>
internal sealed partial class FilledFolder
{
    private const int Seed = 7;

    private readonly List<(string Id, string Key)> _shops = [];
    private readonly Dictionary<string, (string Shop, string Receipt)> _receipts = [];
    private readonly List<JsonObject> _posted = [];
    private string _books = "";

    /// <summary>Where it lies.</summary>
    public required string Path { get; init; }

    /// <summary>Fills a folder, and stops its server.</summary>
    public static async Task<FilledFolder> MakeAsync(string path, bool isTrimmed)
    {
        TestCluster.SkipWhereAsked();
        var filled = new FilledFolder { Path = path };
        await using var server = await TestServer.StartAsync(path, options => options with
        {
            Journal = isTrimmed ? options.Journal with { RetentionBytes = 4096 } : options.Journal,
            Projection = options.Projection with { TrimInterval = TimeSpan.FromDays(30) }, // It is said here when.
        });
        await filled.FillAsync(server, isTrimmed);
        return filled;
    }

    /// <summary>What was counted is counted elsewhere, and what clients were told is found; then it goes on.</summary>
    public async Task ShouldBeAtAsync(TestServer server)
    {
        var shops = Shops(server);
        var (there, here) = (_books.Split('\n'), (await BooksAsync(shops)).Split('\n'));
        here.Length.ShouldBe(there.Length);
        foreach (var (expected, said) in there.Zip(here))
        {
            said.ShouldBe(expected);
        }

        foreach (var (request, (shop, receipt)) in _receipts)
        {
            (await ReceiptAsync(server, shop, request)).ShouldBe(receipt, request);
        }

        var counted = (await shops[0].EventsAsync()).Count;
        foreach (var body in _posted)
        {
            (await shops[0].PostAsync(body)).ShouldBeAccepted();
        }

        await server.ProjectedAsync();
        (await shops[0].EventsAsync()).Count.ShouldBe(counted, "nothing that is repeated counts");
        await shops[0].LedgerAsync();
        var fresh = Guid.NewGuid();
        (await shops[0].PostAsync(Bodies.One(action: action => action["moe_event_uuid"] = fresh.ToString()))).ShouldBeAccepted();
        await server.ProjectedAsync();
        (await shops[0].GetAsync($"/api/v1/events/{fresh}")).Status.ShouldBe(200);
    }

    /// <summary>Goes on elsewhere: more comes, and another customer is erased.</summary>
    public async Task GoOnAsync(TestServer server)
    {
        var shops = Shops(server);
        for (var count = 0; count < 70; count++)
        {
            await PostAsync(shops[0], Bodies.One());
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shops[1].PostAsync(Bodies.One())));
        await PostAsync(shops[2], Bodies.One()); // Somebody stays.
        await Erasing.ErasedAsync(shops[2], await Erasing.EraseAsync(shops[2], Erasing.Stays));
        await server.ProjectedAsync();
        await LookAgainAsync(server);
    }

    /// <summary>Remembers what is said now.</summary>
    public async Task LookAgainAsync(TestServer server)
    {
        _books = await BooksAsync(Shops(server));
        foreach (var (request, (shop, _)) in _receipts.ToList())
        {
            _receipts[request] = (shop, await ReceiptAsync(server, shop, request));
        }
    }

    private async Task<string> ReceiptAsync(TestServer server, string shop, string request)
    {
        var (id, key) = _shops.Single(one => one.Id == shop);
        var answer = await new Shop(server, id, key).GetAsync($"/api/v1/requests/{request}");
        return answer.Status == 200 ? AsOf().Replace(answer.Text, "") : $"{answer.Status}"; // It was trimmed.
    }

    private Shop[] Shops(TestServer server) => [.. _shops.Select(shop => new Shop(server, shop.Id, shop.Key))];

    private async Task FillAsync(TestServer server, bool isTrimmed)
    {
        var random = new Seeded(Seed);
        var (one, other, erasing) = (server.OpenShop(), server.OpenShop("Europe/Berlin"), await Erasing.FilledAsync(server));
        _shops.AddRange([(one.Id, one.Key), (other.Id, other.Key), (erasing.Id, erasing.Key)]);
        foreach (var generated in GeneratedEvents.Make(random, 230).Chunk(3))
        {
            var body = new JsonObject { ["elements"] = new JsonArray([.. generated.Select(static made => made.Element())]) };
            _posted.Add(body);
            await PostAsync(one, body);
        }

        await PostAsync(one, _posted[3]);
        (await one.Debug.PostAsync(_posted[4])).ShouldBeAccepted();
        await PostAsync(other, Bodies.One(action: static action => action["moe_event_uuid"] = "none"));
        await GeneratedEvents.PostAsync(other, GeneratedEvents.Make(random, 40));
        await other.SetAttributesAsync("customer-1", """{"plan":"gold"}""");
        (await other.PostGoalsAsync("customer-1", new JsonObject { ["action"] = "Order Placed", ["event_id"] = "order-1" })).Status.ShouldBe(200);
        await Retaining.KeepAsync(one, 200);
        await Erasing.ErasedAsync(erasing, await Erasing.EraseAsync(erasing, Erasing.Gone));
        if (isTrimmed)
        {
            (await server.Service<ProjectionBase>().TrimAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(64);
        }

        await PostAsync(one, Bodies.One());
        await server.ProjectedAsync();
        await LookAgainAsync(server);
    }

    private async Task PostAsync(Shop shop, JsonObject body)
    {
        var answer = await shop.PostAsync(body);
        if (answer.Status == 200)
        {
            _receipts[answer.RequestId!] = (shop.Id, "");
        }
    }

    private static async Task<string> BooksAsync(Shop[] shops)
    {
        var books = await ProjectionBooks.ReadAsync(shops);
        foreach (var shop in shops)
        {
            foreach (var customer in new[] { "customer-1", Erasing.Gone, Erasing.Stays })
            {
                var answer = await shop.GetCustomerAsync(customer);
                books += answer.Status == 200 ? $"\n{answer.Text}" : $"\n{answer.Status}";
            }
        }

        return AsOf().Replace(books, "");
    }

    [GeneratedRegex("""
        "as_of":\s*\{[^}]*\},?
        """)]
    private static partial Regex AsOf();
}
