using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Decisions;

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(MetadataAnswer))]
[JsonSerializable(typeof(Explanation))]
[JsonSerializable(typeof(SimulationAnswer))]
[JsonSerializable(typeof(SimulationBody))]
internal sealed partial class DecisionsJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static DecisionsJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
