using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences;

/// <summary>The management API of experiences as its users speak to it.</summary>
internal static class Authoring
{
    public const string Path = "/api/v1/experiences";

    /// <summary>An experience for everybody, with two variations of half each.</summary>
    public static JsonObject Document(string key = "checkout-banner", string name = "Checkout banner") => new()
    {
        ["key"] = key,
        ["name"] = name,
        ["audiences"] = new JsonArray(Audience("Everybody", ("Red", 50), ("Blue", 50))),
    };

    public static JsonObject Audience(string name, params (string Name, decimal Share)[] variations) => new()
    {
        ["name"] = name,
        ["variations"] = new JsonArray([.. variations.Select(static one => (JsonNode)Variation(one.Name, one.Share))]),
    };

    public static JsonObject Variation(string name, decimal share) => new()
    {
        ["name"] = name,
        ["share"] = share,
        ["payload"] = new JsonObject { ["color"] = new JsonObject { ["data_type"] = "string", ["value"] = name } },
    };

    public static Task<Answer> CreateAsync(this Shop shop, JsonNode document, string? onBehalfOf = null) =>
        shop.SendAsync(HttpMethod.Post, Path, document, onBehalfOf: onBehalfOf);

    /// <summary>Makes an experience and answers it.</summary>
    public static async Task<JsonObject> DraftAsync(this Shop shop, JsonNode document)
    {
        var answer = await shop.CreateAsync(document);
        answer.Status.ShouldBe(201, answer.Text);
        return answer.Json;
    }

    /// <summary>Makes an experience and publishes it.</summary>
    public static async Task<JsonObject> PublishedAsync(this Shop shop, JsonNode document)
    {
        var draft = await shop.DraftAsync(document);
        return await shop.StepAsync((string)draft["key"]!, "publish");
    }

    /// <summary>Publishes, pauses, resumes or archives.</summary>
    public static async Task<JsonObject> StepAsync(this Shop shop, string key, string step)
    {
        var answer = await shop.SendAsync(HttpMethod.Post, $"{Path}/{key}/{step}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    public static Task<Answer> ReplaceAsync(this Shop shop, string key, JsonNode document, string? ifMatch = "*") =>
        shop.SendAsync(HttpMethod.Put, $"{Path}/{key}", document, ifMatch);

    public static async Task<JsonObject> ChangedAsync(this Shop shop, string key, JsonNode patch)
    {
        var answer = await shop.SendAsync(HttpMethod.Patch, $"{Path}/{key}", patch, "*", "application/merge-patch+json");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    /// <summary>A refusal that names one part of the document.</summary>
    public static Answer ShouldRefuseTheExperience(this Answer answer, string path, string reason)
    {
        answer.Status.ShouldBe(422, answer.Text);
        answer.Errors.ShouldContain(error => error.Path == path && error.Reason.Contains(reason, StringComparison.Ordinal), answer.Text);
        return answer;
    }
}
