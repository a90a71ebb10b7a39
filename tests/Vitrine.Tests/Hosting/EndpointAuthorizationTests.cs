using System.Text;
using Microsoft.AspNetCore.Routing;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Hosting;

/// <summary>Every endpoint for programs and whom it opens for. A new one is a decision; pages have a table of their own.</summary>
public sealed class EndpointAuthorizationTests(SharedServer shared)
{
    private enum Holder
    {
        Nobody,
        WrongKey,
        SecretOfAnother,
        ClientOfAnother,
        Client,
        Secret,
    }

    private const string Anybody = "anybody", ClientKeys = "client and secret keys", SecretKeys = "secret keys";

    private static readonly Dictionary<string, string> Opens = new(StringComparer.Ordinal)
    {
        ["GET /docs/{documentName?}"] = Anybody,
        ["GET /docs/favicon.svg"] = Anybody,
        ["GET /docs/scalar.aspnetcore.js"] = Anybody,
        ["GET /docs/scalar.js"] = Anybody,
        ["GET /healthz/live"] = Anybody,
        ["GET /healthz/ready"] = Anybody,
        ["GET /metrics"] = Anybody,
        ["GET /openapi.json"] = Anybody,
        ["GET /sdk/vitrine.js"] = Anybody,
        ["GET /sdk/{version}/vitrine.js"] = Anybody,
        ["GET /v1/experiences/metadata"] = ClientKeys,
        ["POST /v1/experiences/events"] = ClientKeys,
        ["POST /v1/experiences/fetch"] = ClientKeys,
        ["POST /v1/customer/{workspaceId}"] = SecretKeys,
        ["POST /v1/event/{workspaceId}"] = SecretKeys,
        ["POST /v1/opengdpr_requests/{workspaceId}"] = SecretKeys,
        ["POST /core-services/v1/campaign-stats"] = SecretKeys,
    };

    [Fact]
    public async Task Every_endpoint_opens_for_whom_it_is_and_for_nobody_else()
    {
        await using var server = await TestServer.StartAsync();
        var endpoints = Endpoints(server);
        endpoints.ShouldNotBeEmpty();
        endpoints.Where(static one => !one.StartsWith("GET /api/", StringComparison.Ordinal) && !one.Contains(" /api/v1/", StringComparison.Ordinal))
            .ShouldBe(Opens.Keys, ignoreOrder: true);
        foreach (var endpoint in endpoints)
        {
            var opens = Opens.GetValueOrDefault(endpoint, SecretKeys); // Everything below /api/v1.
            foreach (var holder in Enum.GetValues<Holder>())
            {
                var status = (await AskAsync(server, endpoint, holder)).Status;
                var mayEnter = opens == Anybody || holder == Holder.Secret || (opens == ClientKeys && holder == Holder.Client);
                (status is 401 or 403).ShouldBe(!mayEnter, $"{endpoint} by {holder}: {status}");
                status.ShouldBeLessThan(500, $"{endpoint} by {holder}");
            }
        }
    }

    [Fact]
    public async Task A_key_stands_in_no_answer_and_no_metric()
    {
        var shop = shared.OpenShop();
        foreach (var endpoint in Endpoints(shared.Server).Where(static one => one.StartsWith("GET ", StringComparison.Ordinal)))
        {
            var answer = await shop.GetAsync(Path(endpoint, shop.Id).Split(' ')[1]);
            answer.Text.ShouldNotContain(shop.Key, Case.Sensitive, endpoint);
        }
    }

    private static List<string> Endpoints(TestServer server) => [.. server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
        .Where(static one => !one.StartsWith("OPTIONS ", StringComparison.Ordinal) && !one.StartsWith("HEAD ", StringComparison.Ordinal))
        .Where(static one => one.Split(' ')[1] is var path && !IsForPeople(path))
        .Distinct()];

    private static bool IsForPeople(string path) =>
        path.StartsWith("/_", StringComparison.Ordinal) || path.StartsWith("/w/", StringComparison.Ordinal) || path.StartsWith("/assets/", StringComparison.Ordinal)
        || path is "/" or "/not-allowed" or "/not-found" or "/sign-in" or "/sign-out" or "/welcome";

    private static string Path(string endpoint, string workspaceId) => endpoint
        .Replace("{workspaceId}", workspaceId, StringComparison.Ordinal)
        .Replace("{documentName?}", "", StringComparison.Ordinal)
        .Replace("{version:int}", "1", StringComparison.Ordinal)
        .Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    private static async Task<Answer> AskAsync(TestServer server, string endpoint, Holder holder)
    {
        var (shop, other) = (server.OpenShop(), server.OpenShop()); // Of its own: some of the endpoints change things.
        var (client, clientOfOther) = (WorkspaceRules.NewClientKey(), WorkspaceRules.NewClientKey());
        server.Catalog.CreateClientKey(shop.Id, client, [], null);
        server.Catalog.CreateClientKey(other.Id, clientOfOther, [], null);
        var key = holder switch
        {
            Holder.WrongKey => "a-wrong-key-0123",
            Holder.SecretOfAnother => other.Key,
            Holder.ClientOfAnother => clientOfOther,
            Holder.Client => client,
            _ => shop.Key,
        };
        var parts = Path(endpoint, shop.Id).Split(' ');
        return await new Shop(server, shop.Id, key).SendAsync(new HttpMethod(parts[0]), parts[1], request =>
        {
            if (holder == Holder.Nobody)
            {
                request.Headers.Authorization = null;
            }

            request.Content = parts[0] == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        });
    }
}
