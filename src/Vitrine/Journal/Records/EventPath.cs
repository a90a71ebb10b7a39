namespace Vitrine.Journal.Records;

/// <summary>Where in a request something stands, as a JSON pointer (RFC 6901).</summary>
public static class EventPath
{
    /// <summary>An event's place. A request about one customer has no elements: <paramref name="element"/> is negative.</summary>
    public static string Of(int element, int action) => element < 0 ? $"/actions/{action}" : $"/elements/{element}/actions/{action}";

    /// <summary>A field of an event; of its element where <paramref name="action"/> is negative; of the request where both are.</summary>
    public static string Of(int element, int action, string field)
    {
        var rest = field.Length > 0 ? "/" + field : "";
        return action >= 0 ? Of(element, action) + rest : element < 0 ? rest : $"/elements/{element}{rest}";
    }
}
