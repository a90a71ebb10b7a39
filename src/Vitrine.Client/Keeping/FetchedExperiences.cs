using System.Globalization;
using System.Text.Json;

namespace Vitrine.Client.Keeping;

/// <summary>The experiences that were last fetched for the client's own customer, for when the server cannot be asked.</summary>
internal sealed class FetchedExperiences
{
    private readonly KeptFile _file;
    private readonly object _lock = new();
    private readonly Dictionary<string, JsonElement> _experiences = new(StringComparer.Ordinal);
    private string? _customerId;
    private DateTimeOffset _fetchedAt;

    public FetchedExperiences(KeptFile file)
    {
        _file = file;
        if (file.TryRead(out var kept) && kept.ValueKind == JsonValueKind.Object
            && kept.TryGetProperty("customer_id", out var customer) && kept.TryGetProperty("fetched_at", out var moment) && kept.TryGetProperty("experiences", out var experiences)
            && moment.ValueKind == JsonValueKind.String && moment.TryGetDateTimeOffset(out _fetchedAt) && experiences.ValueKind == JsonValueKind.Object)
        {
            _customerId = customer.ToString();
            foreach (var experience in experiences.EnumerateObject())
            {
                _experiences[experience.Name] = experience.Value;
            }
        }
    }

    /// <summary>Keeps what a customer gets.</summary>
    /// <param name="customerId">Who.</param>
    /// <param name="keys">What was asked for; null: everything.</param>
    /// <param name="experiences">The answer's experiences.</param>
    /// <param name="now">When.</param>
    public void Keep(string customerId, IReadOnlyCollection<string>? keys, JsonElement experiences, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (keys is null || _customerId != customerId)
            {
                _experiences.Clear();
            }

            foreach (var key in keys ?? [])
            {
                _experiences.Remove(key); // The customer does not get it any more, unless it follows.
            }

            foreach (var experience in experiences.EnumerateObject())
            {
                _experiences[experience.Name] = experience.Value;
            }

            (_customerId, _fetchedAt) = (customerId, now);
            Write();
        }
    }

    /// <summary>What a customer last got; null when nothing was fetched for him.</summary>
    public (IReadOnlyList<KeyValuePair<string, JsonElement>> Experiences, DateTimeOffset FetchedAt)? Find(string customerId, IReadOnlyCollection<string>? keys)
    {
        lock (_lock)
        {
            return _customerId == customerId
                ? (_experiences.Where(experience => keys is null || keys.Contains(experience.Key)).ToList(), _fetchedAt)
                : null;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _customerId = null;
            _experiences.Clear();
            _file.Delete();
        }
    }

    private void Write() => _file.Write(Json.Encode(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("customer_id", _customerId);
        writer.WriteString("fetched_at", _fetchedAt.ToString("O", CultureInfo.InvariantCulture));
        writer.WriteStartObject("experiences");
        foreach (var experience in _experiences)
        {
            writer.WritePropertyName(experience.Key);
            experience.Value.WriteTo(writer);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }));
}
