using System.Text.Json.Serialization;

namespace Vitrine.Retention;

/// <summary>That the projection's files were written anew, without what became hourly figures.</summary>
/// <param name="Position">Up to this journal record.</param>
/// <param name="Until">From when on single events are kept, in ISO 8601.</param>
internal sealed record RenewedFiles([property: JsonPropertyName("position")] long Position, [property: JsonPropertyName("until")] string Until);

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(RenewedFiles))]
internal sealed partial class RetentionJson : JsonSerializerContext;
