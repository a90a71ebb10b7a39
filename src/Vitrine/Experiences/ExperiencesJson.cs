using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(Experience))]
[JsonSerializable(typeof(ExperienceVersion))]
[JsonSerializable(typeof(ReservedKey))]
[JsonSerializable(typeof(ExperienceAnswer))]
[JsonSerializable(typeof(ExperienceListAnswer))]
[JsonSerializable(typeof(ExperienceVersionAnswer))]
[JsonSerializable(typeof(VersionListAnswer))]
[JsonSerializable(typeof(DifferenceAnswer))]
[JsonSerializable(typeof(AuditAnswer))]
[JsonSerializable(typeof(ControlGroup))]
[JsonSerializable(typeof(IReadOnlyList<Difference>))]
[JsonSerializable(typeof(DuplicateBody))]
[JsonSerializable(typeof(RevertBody))]
internal sealed partial class ExperiencesJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ExperiencesJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

/// <summary>Which experience has a key.</summary>
/// <param name="ExperienceId">Its id; null when the key is free again.</param>
internal sealed record ReservedKey([property: JsonPropertyName("experience_id")] string? ExperienceId);
