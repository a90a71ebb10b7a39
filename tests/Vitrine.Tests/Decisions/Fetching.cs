using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>The fetch and metadata endpoints as clients speak to them.</summary>
internal static class Fetching
{
    public const string Path = "/v1/experiences/fetch";

    public static Task<Answer> FetchAsync(this Shop shop, string body, string? prefer = null, string? contentType = "application/json") =>
        shop.SendAsync(HttpMethod.Post, Path, request =>
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            Shop.AddHeader(request.Content.Headers, "Content-Type", contentType);
            Shop.AddHeader(request.Headers, "Prefer", prefer);
        });

    /// <summary>What a customer gets.</summary>
    public static async Task<JsonObject> FetchedAsync(this Shop shop, string? customer = null, params string[] keys)
    {
        var body = new JsonObject();
        if (customer is not null)
        {
            body["identifiers"] = new JsonObject { ["customer_id"] = customer };
        }

        if (keys.Length > 0)
        {
            body["experience_key"] = new JsonArray([.. keys.Select(static key => (JsonNode)key)]);
        }

        return await shop.FetchedAsync(body);
    }

    /// <summary>What a body is answered with.</summary>
    public static async Task<JsonObject> FetchedAsync(this Shop shop, JsonObject body)
    {
        var answer = await shop.FetchAsync(body.ToJsonString());
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json["experiences"]!.AsObject();
    }

    /// <summary>Why experiences are left out.</summary>
    public static async Task<JsonObject> FailuresAsync(this Shop shop, JsonObject body)
    {
        var answer = await shop.FetchAsync(body.ToJsonString(), "return=representation");
        answer.Status.ShouldBe(200, answer.Text);
        answer.Header("Preference-Applied").ShouldBe("return=representation");
        return answer.Json["failures"]!.AsObject();
    }
}
