using Vitrine.Tests.Support;

namespace Vitrine.Tests.Hosting;

public sealed class OpenApiDocumentTests(SharedServer shared)
{
    [Fact]
    public async Task The_body_of_events_is_described_as_json_only()
    {
        var document = await shared.OpenShop().ReadAsync("/openapi.json");
        var content = document["paths"]![Shop.EventsPath]!["post"]!["requestBody"]!["content"]!.AsObject();
        content.ShouldHaveSingleItem().Key.ShouldBe("application/json");
    }
}
