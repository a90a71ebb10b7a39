using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Experiences.Conditions;

/// <summary>
/// How a condition was decided, as a tree of the condition's own shape, to be written as JSON. Fields that say nothing
/// are left out.
/// </summary>
public sealed record ConditionExplanation
{
    /// <summary>Whether the condition holds.</summary>
    [JsonPropertyName("holds"), JsonPropertyOrder(-1)]
    public required bool Holds { get; init; }

    /// <summary>The parts of an <c>all</c>.</summary>
    [JsonPropertyName("all"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ConditionExplanation>? All { get; init; }

    /// <summary>The parts of an <c>any</c>.</summary>
    [JsonPropertyName("any"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ConditionExplanation>? Any { get; init; }

    /// <summary>What a <c>not</c> turns around.</summary>
    [JsonPropertyName("not"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConditionExplanation? Not { get; init; }

    /// <summary>A leaf's source.</summary>
    [JsonPropertyName("source"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>A leaf's name.</summary>
    [JsonPropertyName("name"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    /// <summary>The experience that a leaf about behaviour names.</summary>
    [JsonPropertyName("experience"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Experience { get; init; }

    /// <summary>The days that a leaf about behaviour names.</summary>
    [JsonPropertyName("days"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Days { get; init; }

    /// <summary>A leaf's operator.</summary>
    [JsonPropertyName("op"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Op { get; init; }

    /// <summary>True when a leaf ignores case.</summary>
    [JsonPropertyName("ignore_case"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IgnoreCase { get; init; }

    /// <summary>A leaf's value.</summary>
    [JsonPropertyName("value"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Value { get; init; }

    /// <summary>The value that the leaf was asked about; absent when it is missing.</summary>
    [JsonPropertyName("actual"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Actual { get; init; }

    /// <summary>Why a leaf could not be evaluated; absent when it could.</summary>
    [JsonPropertyName("note"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }
}
