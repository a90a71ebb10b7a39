using System.Text.Json.Serialization;
using Vitrine.Workspaces;

namespace Vitrine.Cluster;

/// <summary>A change of the catalog as it stands in the stream.</summary>
/// <param name="Id">By which whoever made it knows it again.</param>
/// <param name="At">As of which moment it is made, everywhere.</param>
/// <param name="Change">The change.</param>
internal sealed record CatalogEntry(string Id, DateTimeOffset At, CatalogChange Change);

/// <summary>The shape of the stream's messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogEntry))]
[JsonSerializable(typeof(NodeEntry))]
internal sealed partial class ClusterJson : JsonSerializerContext;
