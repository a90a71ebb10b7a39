using System.Text.Json;

namespace Vitrine.Client.Keeping;

/// <summary>Whom events are reported of when nobody else is named: whoever was identified, else an id made up for this folder, which stays until it is forgotten.</summary>
internal sealed class Customer
{
    private readonly KeptFile _file;
    private readonly object _lock = new();
    private volatile string _id;
    private string? _identified;
    private string _anonymous;

    public Customer(KeptFile file)
    {
        _file = file;
        var isRead = file.TryRead(out var kept);
        _identified = Text(kept, "customer_id");
        _anonymous = Text(kept, "anonymous_id") ?? NewId();
        _id = _identified ?? _anonymous;
        if (isRead && Text(kept, "anonymous_id") is null)
        {
            Write(); // What cannot be read now may hold somebody, and is not written over.
        }
    }

    /// <summary>The id.</summary>
    public string Id => _id;

    /// <summary>Says who it is; null or empty: somebody who is not known.</summary>
    public void Identify(string? id) => Change(() => _identified = string.IsNullOrEmpty(id) ? null : id);

    /// <summary>Forgets who it was, the made-up id too.</summary>
    public void Forget() => Change(() => (_identified, _anonymous) = (null, NewId()));

    private static string NewId() => Guid.NewGuid().ToString();

    private static string? Text(JsonElement kept, string name) =>
        kept.ValueKind == JsonValueKind.Object && kept.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } id ? id : null;

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            _id = _identified ?? _anonymous;
            Write();
        }
    }

    private void Write() => _file.Write(Json.Encode(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("anonymous_id", _anonymous);
        if (_identified is not null)
        {
            writer.WriteString("customer_id", _identified);
        }

        writer.WriteEndObject();
    }));
}
