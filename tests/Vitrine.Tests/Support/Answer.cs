using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Vitrine.Tests.Support;

/// <summary>An answer of the server, read to its end.</summary>
public sealed record Answer(int Status, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => JsonNode.Parse(Bytes)!.AsObject();

    public string? Title => (string?)Json["title"];

    public string? Description => (string?)Json["description"];

    public string? RequestId => (string?)Json["req_id"];

    public IReadOnlyList<(string Path, string Reason)> Errors =>
        [.. Json["errors"]!.AsArray().Select(static error => ((string)error!["path"]!, (string)error["reason"]!))];

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public Answer ShouldBeAccepted()
    {
        Status.ShouldBe(200, Text);
        return this;
    }

    /// <summary>A refusal for a field, of which this is the only error.</summary>
    public Answer ShouldRefuse(string path, string reason)
    {
        Status.ShouldBe(400, Text);
        Title.ShouldBe("Invalid Field Value");
        Errors.ShouldHaveSingleItem();
        Errors[0].Path.ShouldBe(path);
        Errors[0].Reason.ShouldContain(reason);
        return this;
    }

    /// <summary>A refusal in the shape of the companion endpoints.</summary>
    public Answer ShouldFail(int status, string type, string message)
    {
        Status.ShouldBe(status, Text);
        Json.Select(static one => one.Key).ShouldBe(["status", "error"]);
        ((string?)Json["status"]).ShouldBe("fail");
        var error = Json["error"]!.AsObject();
        error.Select(static one => one.Key).ShouldBe(["type", "message", "request_id"]);
        ((string?)error["type"]).ShouldBe(type);
        ((string)error["message"]!).ShouldContain(message);
        Header("x-request-id").ShouldBe((string?)error["request_id"]);
        ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        return this;
    }

    public Answer ShouldBeError(int status, string title, string? description = null)
    {
        Status.ShouldBe(status, Text);
        Title.ShouldBe(title);
        if (description is not null)
        {
            Description.ShouldBe(description);
        }

        Header("x-request-id").ShouldNotBeNullOrEmpty();
        ContentHeaders.ContentType!.MediaType.ShouldBe("application/json");
        return this;
    }
}
