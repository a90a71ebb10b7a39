using System.Text.Json;

namespace Vitrine.Client.Sending;

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status; 0: nobody answered.</param>
/// <param name="Body">The answer's JSON; of kind undefined where it has none.</param>
/// <param name="RetryAfter">After what time the server wants to be asked again; null: it does not say.</param>
/// <param name="Fault">Why nobody answered.</param>
internal sealed record Answer(int Status, JsonElement Body, TimeSpan? RetryAfter, Exception? Fault = null)
{
    /// <summary>Whether a Vitrine server has taken what was sent, not whoever else answers 200.</summary>
    public bool IsAcknowledged => Status == 200 && Text("status") == "success";

    /// <summary>
    /// Whether a Vitrine server refuses the request for what is in it: not for who sends it, or how it came (a proxy may have taken
    /// its body or its type away), and not by whoever else answers so.
    /// </summary>
    public bool IsRefusal => Status is 400 or 413 or 422 && Description is not null && Title is { } title && title is not ("Request Error" or "Empty request body");

    /// <summary>Whether fewer events at a time may be taken.</summary>
    public bool IsTooLarge => Status == 413;

    /// <summary>Whether the server could not be asked, or something else answered, so that what it said last serves.</summary>
    public bool IsAway => Status is 0 or 429 or >= 500 || Title is null;

    /// <summary>The error's title.</summary>
    public string? Title => Text("title");

    /// <summary>The error in words.</summary>
    public string? Description => Text("description");

    /// <summary>Of each event that was refused, its place among the elements, and the path and the reason.</summary>
    public IEnumerable<(int Element, string Path, string Reason)> Errors()
    {
        if (!Member("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
        {
            yield break;
        }

        foreach (var error in errors.EnumerateArray())
        {
            if (error.ValueKind == JsonValueKind.Object && error.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
                && path.GetString() is { } text && text.Split('/') is ["", "elements", var element, ..] && int.TryParse(element, out var place))
            {
                yield return (place, text, error.TryGetProperty("reason", out var reason) ? reason.ToString() : "");
            }
        }
    }

    /// <summary>A member that is an object.</summary>
    public JsonElement? Object(string name) => Member(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    /// <summary>What is thrown at whoever asked.</summary>
    public VitrineException ToException(Uri host) => Status == 0
        ? new VitrineException(VitrineException.NoAnswer, 0, $"{host} does not answer: {Fault?.Message}", Fault)
        : new VitrineException(Title ?? VitrineException.Unreadable, Status, Description ?? $"{host} answered {Status}, and no JSON of the API.");

    private string? Text(string name) => Member(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private bool Member(string name, out JsonElement value)
    {
        value = default;
        return Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out value);
    }
}
