using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Decisions;

/// <summary>What a customer comes to in a version: a variation, or a reason why there is none.</summary>
/// <param name="Outcome"><c>DELIVERED</c> or the reason.</param>
/// <param name="AudienceId">The audience that fits; null when none does.</param>
/// <param name="AudienceName">What that is called.</param>
/// <param name="VariationId">The variation; null when none is delivered.</param>
/// <param name="VariationName">What that is called.</param>
internal sealed record SimulatedOutcome(
    [property: JsonPropertyName("outcome")] string Outcome,
    [property: JsonPropertyName("audience_id")] string? AudienceId,
    [property: JsonPropertyName("audience_name")] string? AudienceName,
    [property: JsonPropertyName("variation_id")] string? VariationId,
    [property: JsonPropertyName("variation_name")] string? VariationName);

/// <summary>How many customers come to an outcome.</summary>
internal sealed record SimulatedCount(
    [property: JsonPropertyName("what")] SimulatedOutcome What, [property: JsonPropertyName("customers")] long Customers);

/// <summary>What a version is for all customers.</summary>
internal sealed record SimulatedVersion(
    [property: JsonPropertyName("version")] string Version, [property: JsonPropertyName("outcomes")] IReadOnlyList<SimulatedCount> Outcomes);

/// <summary>Customers for whom two versions are not the same.</summary>
/// <param name="From">What the first is for them.</param>
/// <param name="To">What the second is for them.</param>
/// <param name="Customers">How many they are.</param>
/// <param name="Examples">Some of them, ten at most.</param>
internal sealed record SimulatedChange(
    [property: JsonPropertyName("from")] SimulatedOutcome From,
    [property: JsonPropertyName("to")] SimulatedOutcome To,
    [property: JsonPropertyName("customers")] long Customers,
    [property: JsonPropertyName("examples")] IReadOnlyList<string> Examples);

/// <summary>The answer of a simulation.</summary>
/// <param name="Customers">How many customers were replayed.</param>
/// <param name="Complete">Whether they are all that there are.</param>
/// <param name="Versions">What each version is for them.</param>
/// <param name="Changed">For how many the second version is not what the first is; null when one was simulated.</param>
/// <param name="Changes">For whom, most first; null when one was simulated.</param>
internal sealed record SimulationAnswer(
    [property: JsonPropertyName("customers")] long Customers,
    [property: JsonPropertyName("complete")] bool Complete,
    [property: JsonPropertyName("versions")] IReadOnlyList<SimulatedVersion> Versions,
    [property: JsonPropertyName("changed")] long? Changed,
    [property: JsonPropertyName("changes")] IReadOnlyList<SimulatedChange>? Changes);

/// <summary>What a simulation is asked.</summary>
internal sealed record SimulationBody
{
    /// <summary>One or two of: a number, live, draft. Default: live, and the draft where it differs; of a draft that was never published, that.</summary>
    [JsonPropertyName("versions")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Versions { get; init; }

    /// <summary>What every request says beside who asks, as fetch takes it. Default: nothing.</summary>
    [JsonPropertyName("request")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement? Request { get; init; }

    /// <summary>How many customers are replayed at most: 1–1,000,000, which it is unless said.</summary>
    [JsonPropertyName("limit")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int? Limit { get; init; }
}
