using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

public sealed class OpenApiDocumentTests(SharedServer shared)
{
    private static readonly string[] Undescribed = ["/openapi.json", "/docs"];

    [Fact]
    public async Task The_body_of_events_is_described_as_json_only()
    {
        var content = (await EventsAsync())["requestBody"]!["content"]!.AsObject();
        content.ShouldHaveSingleItem().Key.ShouldBe("application/json");
    }

    [Fact]
    public async Task The_headers_of_the_contract_are_described()
    {
        var headers = (await EventsAsync())["parameters"]!.AsArray().ToDictionary(static one => (string)one!["name"]!, static one => (bool?)one!["required"]);
        headers["MOE-APPKEY"].ShouldBe(true);
        headers["Prefer"].ShouldNotBe(true);
    }

    [Fact]
    public async Task Every_endpoint_is_described()
    {
        var described = (await DocumentAsync())["paths"]!.AsObject().Select(static path => path.Key);
        var mapped = shared.Server.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static endpoint => IsForPrograms(endpoint) || endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true })
            .Select(static endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(static path => !Undescribed.Any(path.StartsWith));
        described.Order().ShouldBe(mapped.Distinct().Order());
    }

    [Fact]
    public async Task What_anybody_may_ask_for_needs_no_credentials_and_everything_else_does()
    {
        var document = await DocumentAsync();
        document["security"]!.AsArray().ShouldNotBeEmpty();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (_, operation) in methods!.AsObject())
            {
                (operation!["security"] is JsonArray { Count: 0 }).ShouldBe(!path.StartsWith("/api/", StringComparison.Ordinal) && !path.StartsWith("/v1/", StringComparison.Ordinal) && !path.StartsWith("/core-services/", StringComparison.Ordinal), path);
            }
        }
    }

    [Fact]
    public async Task Reports_say_how_they_are_asked_and_how_they_refuse()
    {
        var report = (await DocumentAsync())["paths"]!["/api/v1/reports/experiences/{experienceId}"]!["get"]!;
        var parameters = report["parameters"]!.AsArray().ToDictionary(static one => (string)one!["name"]!, static one => one!);
        parameters.Values.ShouldAllBe(static one => one["description"] != null);
        parameters["by"]["schema"]!["items"]!["enum"]!.AsArray().Count.ShouldBe(5);
        parameters["scale"]["schema"]!["enum"]!.AsArray().Count.ShouldBe(4);
        report["responses"]!.AsObject().Select(static one => one.Key).ShouldBe(["200", "400", "401", "404", "406", "422", "429", "503"], ignoreOrder: true);
        ((string)report["responses"]!["200"]!["content"]!["text/csv"]!["schema"]!["type"]!).ShouldBe("string");
        report["responses"]!["200"]!["headers"]!.AsObject().ShouldContainKey("Vitrine-As-Of-Position");
    }

    [Theory]
    [InlineData("Figures", "delivered,impressions,clicks,ctr,unique_impressions,unique_clicks,unique_ctr")]
    [InlineData("EventCounts", "received,stored,duplicate,rejected,erased,rejected_by_reason,balanced")]
    [InlineData("Action", "action,moe_event_uuid,attributes")]
    [InlineData("LedgerAnswer", "from,to,tz,scale,as_of,total")]
    public async Task What_is_always_there_is_required(string schema, string properties) =>
        (await SchemaAsync(schema))["required"]!.AsArray().Select(static one => (string)one!).ShouldBe(properties.Split(','), ignoreOrder: true);

    [Fact]
    public async Task Numbers_are_numbers_but_for_the_time_that_may_be_text()
    {
        ((string)(await SchemaAsync("Figures"))["properties"]!["impressions"]!["type"]!).ShouldBe("integer");
        (await SchemaAsync("Action"))["properties"]!["event_time"]!["type"]!.AsArray().Select(static one => (string)one!)
            .ShouldBe(["integer", "string"], ignoreOrder: true);
    }

    private async Task<JsonObject> DocumentAsync() => await shared.OpenShop().ReadAsync("/openapi.json");

    private async Task<JsonNode> EventsAsync() => (await DocumentAsync())["paths"]![Shop.EventsPath]!["post"]!;

    private async Task<JsonNode> SchemaAsync(string name) => (await DocumentAsync())["components"]!["schemas"]![name]!;

    /// <summary>What lies below these may not be hidden; pages and what they load are.</summary>
    private static bool IsForPrograms(RouteEndpoint endpoint) =>
        new[] { "api/", "v1/", "core-services/" }.Any(endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith);
}
