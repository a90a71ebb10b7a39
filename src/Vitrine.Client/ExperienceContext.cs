using System.Text.Json;

namespace Vitrine.Client;

/// <summary>
/// What identifies an experience, a variation and an audience. It comes with an experience and goes back, whole, with each
/// report about it; as JSON (<see cref="ToString"/>, <see cref="Parse"/>) it can go to a page and come back.
/// </summary>
public sealed class ExperienceContext
{
    private readonly Member[] _members;

    /// <summary>Makes one of its parts.</summary>
    /// <param name="cid">The content id, which begins with the experience's id.</param>
    /// <param name="experience">The experience's name.</param>
    /// <param name="localeId">The locale's id; <c>0</c> is the default one.</param>
    /// <param name="variationId">The variation's id.</param>
    /// <param name="audienceName">The audience's name.</param>
    /// <param name="audienceId">The audience's id.</param>
    public ExperienceContext(string cid, string experience, string localeId, string variationId, string audienceName, string audienceId)
        : this([
            new Member("cid", cid), new Member("experience", experience), new Member("moe_locale_id", localeId),
            new Member("moe_variation_id", variationId), new Member("audience_name", audienceName), new Member("audience_id", audienceId)])
    {
    }

    private ExperienceContext(Member[] members) => _members = members;

    /// <summary>The content id, which begins with the experience's id.</summary>
    public string Cid => this["cid"];

    /// <summary>The experience's name.</summary>
    public string Experience => this["experience"];

    /// <summary>The locale's id; <c>0</c> is the default one.</summary>
    public string LocaleId => this["moe_locale_id"];

    /// <summary>The variation's id.</summary>
    public string VariationId => this["moe_variation_id"];

    /// <summary>The audience's name.</summary>
    public string AudienceName => this["audience_name"];

    /// <summary>The audience's id.</summary>
    public string AudienceId => this["audience_id"];

    /// <summary>An attribute as text; empty when there is none of this name.</summary>
    /// <param name="name">Its name in JSON, such as <c>experience_type</c>.</param>
    public string this[string name] => Array.Find(_members, member => member.Name == name).Text ?? "";

    /// <summary>Reads what <see cref="ToString"/> wrote, or the <c>experience_context</c> of an answer of the API.</summary>
    /// <param name="json">A JSON object.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ExperienceContext Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return From(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException) // Half of a surrogate pair, for one.
        {
            throw new FormatException("An experience context is a JSON object: " + fault.Message, fault);
        }
    }

    /// <summary>The context as JSON.</summary>
    public override string ToString() => Json.Write(writer =>
    {
        writer.WriteStartObject();
        WriteMembersTo(writer);
        writer.WriteEndObject();
    });

    internal static ExperienceContext From(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? new ExperienceContext([.. json.EnumerateObject().Select(static property => new Member(property))])
        : throw new FormatException("An experience context is a JSON object.");

    internal bool Contains(string name) => Array.Exists(_members, member => member.Name == name);

    internal void WriteMembersTo(Utf8JsonWriter writer)
    {
        foreach (var member in _members)
        {
            writer.WritePropertyName(member.EncodedName);
            writer.WriteRawValue(member.Raw, skipInputValidation: true);
        }
    }

    /// <summary>An attribute, written once: a report copies it.</summary>
    private readonly struct Member
    {
        public Member(string name, string? text)
        {
            (Name, Text) = (name, text ?? "");
            EncodedName = JsonEncodedText.Encode(name);
            Raw = Json.Encode(Text);
        }

        public Member(JsonProperty property)
        {
            Name = property.Name;
            Text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : property.Value.GetRawText();
            EncodedName = JsonEncodedText.Encode(Name);
            Raw = Json.Encode(property.Value);
        }

        public string Name { get; }

        public string? Text { get; }

        public JsonEncodedText EncodedName { get; }

        public byte[] Raw { get; }
    }
}
