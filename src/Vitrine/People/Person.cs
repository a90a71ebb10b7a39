using System.Text.Json.Serialization;

namespace Vitrine.People;

/// <summary>Somebody who signs in to the dashboard. Immutable.</summary>
public sealed record Person
{
    /// <summary>By what the person signs in, such as an e-mail address: lower case, 2–200 characters.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>What the person may do.</summary>
    [JsonPropertyName("role"), JsonConverter(typeof(JsonStringEnumConverter<Role>))]
    public required Role Role { get; init; }

    /// <summary>PBKDF2 of the password; null for whoever signs in elsewhere only.</summary>
    [JsonPropertyName("password_hash")]
    public string? PasswordHash { get; init; }

    /// <summary>By what the sign-in service knows the person, the issuer before it; null for whoever never signed in there.</summary>
    [JsonPropertyName("subject"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    /// <summary>Changes whenever what was signed in before must end: another password, another role.</summary>
    [JsonPropertyName("stamp")]
    public required string Stamp { get; init; }

    /// <summary>When the person was made.</summary>
    [JsonPropertyName("created_at")]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Removed people stay known, so that the audit log keeps saying who they were.</summary>
    [JsonPropertyName("removed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRemoved { get; init; }
}

/// <summary>The serialised shape of people.</summary>
[JsonSerializable(typeof(Person))]
internal sealed partial class PeopleJson : JsonSerializerContext;
