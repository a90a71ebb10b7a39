namespace Vitrine.Journal.Records;

/// <summary>Where in a request something stands, as a JSON pointer (RFC 6901).</summary>
public static class EventPath
{
    /// <summary>An event's place.</summary>
    public static string Of(int element, int action) => $"/elements/{element}/actions/{action}";

    /// <summary>A field of an event; of its element where <paramref name="action"/> is negative; of the request where <paramref name="element"/> is too.</summary>
    public static string Of(int element, int action, string field)
    {
        var rest = field.Length > 0 ? "/" + field : "";
        return element < 0 ? rest : action < 0 ? $"/elements/{element}{rest}" : Of(element, action) + rest;
    }
}
