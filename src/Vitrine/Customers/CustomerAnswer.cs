using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vitrine.Projection;

namespace Vitrine.Customers;

/// <summary>What is known of a customer.</summary>
/// <param name="CustomerId">The customer's id.</param>
/// <param name="Attributes">The profile; null where there is none.</param>
/// <param name="UpdatedAt">When the profile was changed last; null where there is none.</param>
/// <param name="Impressions">Impressions that count.</param>
/// <param name="Clicks">Clicks that count.</param>
/// <param name="GoalEvents">Goal events that count.</param>
/// <param name="FirstEvent">When the earliest of them happened; null without any.</param>
/// <param name="LastEvent">When the latest of them happened; null without any.</param>
/// <param name="AsOf">Up to where the answer is complete.</param>
public sealed record CustomerAnswer(
    [property: JsonPropertyName("customer_id")] string CustomerId,
    [property: JsonPropertyName("attributes")] JsonObject? Attributes,
    [property: JsonPropertyName("updated_at")] string? UpdatedAt,
    [property: JsonPropertyName("impressions")] long Impressions,
    [property: JsonPropertyName("clicks")] long Clicks,
    [property: JsonPropertyName("goal_events")] long GoalEvents,
    [property: JsonPropertyName("first_event")] string? FirstEvent,
    [property: JsonPropertyName("last_event")] string? LastEvent,
    [property: JsonPropertyName("as_of")] AsOf AsOf);
