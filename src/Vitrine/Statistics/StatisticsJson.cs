using System.Text.Json.Serialization;

namespace Vitrine.Statistics;

/// <summary>The serialised shapes of this folder. Of a question every field must be known: a misspelt one would not count.</summary>
[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CompareBody))]
[JsonSerializable(typeof(CompareAnswer))]
[JsonSerializable(typeof(SampleRatioBody))]
[JsonSerializable(typeof(SampleRatioAnswer))]
[JsonSerializable(typeof(SampleSizeBody))]
[JsonSerializable(typeof(SampleSizeAnswer))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
