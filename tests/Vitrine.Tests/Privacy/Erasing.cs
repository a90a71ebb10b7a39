using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Privacy;

/// <summary>A shop of two customers, one of whom is erased.</summary>
internal static class Erasing
{
    public const string Gone = "gone-9c1f7a@example.com";
    public const string Stays = "stays@example.com";
    public const string Secret = "a-secret-of-the-erased-77c2";

    private const string Report = $"/api/v1/reports/experiences/66d55ae445921e4d35ae4368?by=variation";

    public static Task<Answer> PostAsync(Shop shop, string body) => shop.SendAsync(HttpMethod.Post, $"/v1/opengdpr_requests/{shop.Id}", request =>
        request.Content = new StringContent(body, Encoding.UTF8, "application/json"));

    public static async Task<string> EraseAsync(Shop shop, string identity, string type = "ID")
    {
        var answer = await PostAsync(shop, new JsonObject
        {
            ["request_type"] = "erasure",
            ["submitted_time"] = "2026-11-30T10:00:00Z",
            ["identities"] = new JsonArray(new JsonObject { ["identity_type"] = type, ["identity_value"] = identity }),
            ["api_version"] = "1.0",
        }.ToJsonString());
        answer.Status.ShouldBe(200, answer.Text);
        return (string)answer.Json["request_id"]!;
    }

    public static Task ErasedAsync(Shop shop, string id) => Eventually.BeTrueAsync(async () =>
        await shop.GetAsync($"/api/v1/erasures/{id}") is { Status: 200 } answer && (string?)answer.Json["state"] == "erased");

    /// <summary>Files of the data folder that hold one of some texts.</summary>
    public static IReadOnlyList<string> Holding(TestServer server, params string[] texts) => [.. Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "vitrine.lock")
        .Where(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return texts.Any(text => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
        })];

    /// <summary>A shop where two customers did the same, the one twice as much.</summary>
    public static async Task<Shop> FilledAsync(TestServer server)
    {
        var shop = server.OpenShop();
        await shop.SetAttributesAsync(Gone, $$"""{"plan":"{{Secret}}"}""");
        await shop.SetAttributesAsync(Stays, """{"plan":"gold"}""");
        var both = Bodies.Of(
            Bodies.Element(Bodies.Action(static action => action["attributes"]!["note"] = Secret), Bodies.Action()),
            Bodies.Element(Bodies.Action()));
        both["elements"]![0]!["customer_id"] = Gone;
        both["elements"]![1]!["customer_id"] = Stays;
        (await shop.PostAsync(both)).ShouldBeAccepted();
        (await shop.PostAsync(both)).ShouldBeAccepted();
        foreach (var customer in new[] { Gone, Stays })
        {
            var order = new JsonObject { ["action"] = "Order Placed", ["attributes"] = new JsonObject { ["to"] = customer }, ["event_id"] = $"order-of-{customer}" };
            (await shop.PostGoalsAsync(customer, order)).Status.ShouldBe(200);
        }

        (await shop.PostGoalsAsync(Gone, new JsonObject { ["action"] = "Signed Up" })).Status.ShouldBe(200);
        await server.ProjectedAsync();
        return shop;
    }

    public static async Task<(long Impressions, long Customers)> FiguresAsync(Shop shop)
    {
        var answer = await shop.GetAsync(Report);
        return answer.Status == 404 ? (0, 0)
            : (answer.Json["total"]!["impressions"]!.GetValue<long>(), answer.Json["total"]!["unique_impressions"]!.GetValue<long>());
    }

    public static async Task BalancedAsync(Shop shop, long erased)
    {
        var events = (await shop.GetAsync("/api/v1/ledger")).Json["total"]!["events"]!;
        events["balanced"]!.GetValue<bool>().ShouldBeTrue(events.ToJsonString());
        events["erased"]!.GetValue<long>().ShouldBe(erased);
    }

    /// <summary>Everything that is said of a shop, but up to where.</summary>
    public static async Task<string> BooksAsync(Shop shop)
    {
        var books = new StringBuilder();
        foreach (var path in new[] { Report, "/api/v1/ledger", "/api/v1/exports/events", "/api/v1/exports/goal-events" })
        {
            var text = (await shop.GetAsync(path)).Text;
            books.AppendLine(path.Contains("exports", StringComparison.Ordinal) ? text : WithoutAsOf(text));
        }

        return books.ToString();
    }

    public static string WithoutAsOf(string json)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        node.Remove("as_of");
        return node.ToJsonString();
    }
}
