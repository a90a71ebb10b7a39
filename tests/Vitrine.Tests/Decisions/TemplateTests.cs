using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>Payloads that say something else to each user.</summary>
public sealed class TemplateTests(SharedServer shared)
{
    [Fact]
    public async Task Templates_read_the_request_and_keep_their_types()
    {
        var shop = shared.OpenShop("Europe/Zurich");
        await shop.PublishedAsync(Document("""
            {"title":{"data_type":"string","value":"Hello {{ customer_id }} from {{ request.utm_source | default: \"nowhere\" }}"},
             "count":{"data_type":"number","value":"{{ request.visits | plus: 1 }}"},
             "more":{"data_type":"json","value":{"medium":"{{ request.utm_medium }}","n":[1]}}}
            """));
        var payload = (await shop.FetchedAsync(JsonNode.Parse("""{"identifiers":{"customer_id":"ada"},"visits":4,"custom_attribute":{"utm_medium":"e\"mail"}}""")!.AsObject()))["checkout-banner"]!["payload"]!;
        payload.ToJsonString(Readable).ShouldBe("""{"title":{"value":"Hello ada from nowhere","data_type":"string"},"count":{"value":5,"data_type":"number"},"more":{"value":{"medium":"e\"mail","n":[1]},"data_type":"json"}}""");
    }

    [Fact]
    public async Task What_cannot_be_filled_in_is_not_delivered_or_falls_back()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Document("""
            {"title":{"data_type":"string","value":"Hello {{ request.name }}"},
             "line":{"data_type":"string","value":"{{ request.line }}","fallback":{"use":"text","text":"Welcome"}},
             "note":{"data_type":"string","value":"{{ request.note }}","fallback":{"use":"empty"}}}
            """));
        var body = JsonNode.Parse("""{"identifiers":{"customer_id":"ada"}}""")!.AsObject();
        (await shop.FetchedAsync(body)).Count.ShouldBe(0);
        ((string)(await shop.FailuresAsync(body.DeepClone().AsObject().With("experience_key", "checkout-banner")))["checkout-banner"]!).ShouldBe("PERSONALIZATION_FAILED");
        var preview = await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/preview", body.DeepClone());
        ((string)preview.Json["outcome"]!).ShouldBe("PERSONALIZATION_FAILED");
        preview.Json["failed_variables"]!.AsArray().Select(static one => $"{one!["name"]}:{one["fallback"]}").ShouldBe(["title:do_not_deliver", "line:text", "note:empty"]);
        body["name"] = "Ada";
        var payload = (await shop.FetchedAsync(body))["checkout-banner"]!["payload"]!;
        new[] { "title", "line", "note" }.Select(name => (string)payload[name]!["value"]!).ShouldBe(["Hello Ada", "Welcome", ""]);
    }

    [Fact]
    public async Task An_error_in_a_template_is_named_by_variable_and_line_when_it_is_saved()
    {
        var shop = shared.OpenShop();
        (await shop.CreateAsync(Document("""{"a/b":{"data_type":"string","value":"first\n{% if %}"}}""")))
            .ShouldRefuseTheExperience("/audiences/0/variations/0/payload/a~1b/value", "Line 2");
        ((int)(await shop.ReadAsync(Authoring.Path))["count"]!).ShouldBe(0);
    }

    [Theory]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}")]
    [InlineData("{% include 'secret' %}")]
    [InlineData("{{ user.constructor.prototype }}{% raw %}")]
    public async Task A_hostile_template_is_refused_or_harmless(string template)
    {
        var shop = shared.OpenShop();
        var variable = new JsonObject { ["text"] = new JsonObject { ["data_type"] = "string", ["value"] = template } };
        var answer = await shop.CreateAsync(Document(variable.ToJsonString()));
        if (answer.Status == 201)
        {
            await shop.StepAsync("checkout-banner", "publish");
            (await shop.FetchedAsync("ada")).Count.ShouldBe(0);
        }
        else
        {
            answer.Status.ShouldBe(422, answer.Text);
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonObject Document(string payload)
    {
        var document = Authoring.Document();
        document["audiences"] = new JsonArray(new JsonObject
        {
            ["name"] = "Everybody",
            ["variations"] = new JsonArray(new JsonObject { ["name"] = "Only", ["payload"] = JsonNode.Parse(payload) }),
        });
        return document;
    }
}

file static class JsonObjects
{
    public static JsonObject With(this JsonObject target, string name, string value)
    {
        target[name] = value;
        return target;
    }
}
