using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Decisions;

/// <summary>Makes of a version of an experience what can be decided in microseconds.</summary>
internal sealed class ExperienceCompiler(DeliveryCounters counters)
{
    private const string Type = "Web Personalization";
    private const string ExperienceType = "API based Experience";
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compiles a version.</summary>
    /// <param name="stored">The experience that it is of.</param>
    /// <param name="version">The version.</param>
    /// <param name="names">Get the names that its conditions use.</param>
    /// <param name="counting">Whether its deliveries are counted; not those of one that is only looked at.</param>
    /// <exception cref="InvalidDataException">It holds what cannot be compiled.</exception>
    public CompiledExperience Compile(StoredExperience stored, ExperienceVersion version, EnvironmentNames names, bool counting)
    {
        var document = version.Document;
        var scope = new ConditionScope
        {
            User = names.User,
            Request = names.Request,
            Behaviours = names.Behaviours,
            TimeZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(document.TimeZone!) ?? throw new InvalidDataException($"There is no time zone {document.TimeZone}."),
        };
        return new CompiledExperience(
            stored,
            document,
            new ControlGroupMembership(Assignment.OfControlGroup(stored.EnvironmentId, stored.Experience.Id), document.ControlGroup),
            [.. document.Audiences.Select(audience => new CompiledAudience(
                audience,
                Compile(audience.Match, scope),
                Compile(audience.Exclude, scope),
                Assignment.OfAudience(stored.EnvironmentId, stored.Experience.Id, audience.Id!),
                version.Allocations[audience.Id!],
                [.. audience.Variations.Select(variation => Compile(stored, version, audience, variation, scope.TimeZone, counting))]))],
            names.Behaviours);
    }

    private static Condition? Compile(JsonElement? condition, ConditionScope scope)
    {
        if (condition is not { } element)
        {
            return null;
        }

        var errors = new List<ConditionError>();
        return ConditionCompiler.Compile(element, scope, errors)
            ?? throw new InvalidDataException($"a condition: {errors[0].Path} {errors[0].Reason}");
    }

    private CompiledVariation Compile(
        StoredExperience stored, ExperienceVersion version, AudienceDocument audience, VariationDocument variation, DateTimeZone zone, bool counting)
    {
        var context = Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("cid", ContextId(stored.Experience.Id, variation.Id!, audience.Id!));
            writer.WriteString("experience", version.Document.Name);
            writer.WriteString("moe_locale_id", variation.LocaleId);
            writer.WriteString("moe_variation_id", variation.Id);
            writer.WriteString("audience_name", audience.Name);
            writer.WriteString("audience_id", audience.Id);
            writer.WriteString("type", Type);
            writer.WriteString("experience_type", ExperienceType);
            writer.WriteEndObject();
        });
        var counter = counting
            ? counters.Of(new Delivery(
                stored.EnvironmentId, stored.Experience.Id, version.Document.Name, version.Number, audience.Id!, audience.Name, variation.Id!))
            : null;
        return new CompiledVariation(
            variation,
            [.. Json(writer => writer.WriteStringValue(stored.Key)), .. ":{\"payload\":{"u8],
            [.. variation.Payload.Select(variable => CompiledVariable.Of(variable.Key, variable.Value, zone))],
            [.. "},\"experience_context\":"u8, .. context, (byte)'}'],
            counter);
    }

    /// <summary>In the vendor's grammar: the id comes first, AB names the variation and AU the audience.</summary>
    private static string ContextId(string experienceId, string variationId, string audienceId) =>
        $"{experienceId}_F_T_WP_AB_{variationId}_P_0_AU_{audienceId}";

    internal static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            write(writer);
        }

        return buffer.ToArray();
    }
}
