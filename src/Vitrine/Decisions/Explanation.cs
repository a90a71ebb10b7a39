using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;
using Vitrine.Hosting;

namespace Vitrine.Decisions;

/// <summary>What a user would get of an experience, and why.</summary>
internal sealed record Explanation
{
    /// <summary>The experience's key.</summary>
    [JsonPropertyName("experience_key")]
    public required string Key { get; init; }

    /// <summary>What was looked at: the number of a version, or <c>draft</c>.</summary>
    [JsonPropertyName("version")]
    public required string Version { get; init; }

    /// <summary>What the experience is doing at the moment.</summary>
    [JsonPropertyName("status")]
    public required ExperienceStatus Status { get; init; }

    /// <summary>Whom it was looked at for; null: for somebody who is known by nothing.</summary>
    [JsonPropertyName("customer_id")]
    public required string? CustomerId { get; init; }

    /// <summary>What is known of the customer.</summary>
    [JsonPropertyName("profile")]
    public required JsonElement? Profile { get; init; }

    /// <summary><c>DELIVERED</c>, or why it is left out, while the experience is active.</summary>
    [JsonPropertyName("outcome"), OneOf(
        "DELIVERED", "USER_IN_GLOBAL_CONTROL_GROUP", "USER_IN_CAMPAIGN_CONTROL_GROUP", "USER_NOT_IN_SEGMENT", "PERSONALIZATION_FAILED")]
    public required string Outcome { get; init; }

    /// <summary>What is delivered while the experience is active: payload and context as fetch has them; null when nothing is.</summary>
    [JsonPropertyName("delivery")]
    public required JsonElement? Delivery { get; init; }

    /// <summary>The workspace's control group.</summary>
    [JsonPropertyName("global_control_group")]
    public required MembershipExplanation GlobalControlGroup { get; init; }

    /// <summary>The experience's control group.</summary>
    [JsonPropertyName("control_group")]
    public required MembershipExplanation ControlGroup { get; init; }

    /// <summary>The audiences in order, all of them: also those behind the one that won.</summary>
    [JsonPropertyName("audiences")]
    public required IReadOnlyList<AudienceExplanation> Audiences { get; init; }

    /// <summary>How the variation was chosen; null when no audience fits.</summary>
    [JsonPropertyName("assignment")]
    public required AssignmentExplanation? Assignment { get; init; }

    /// <summary>The variables that could not be filled in as they are written, and what became of them.</summary>
    [JsonPropertyName("failed_variables")]
    public required IReadOnlyList<VariableExplanation> FailedVariables { get; init; }
}

/// <summary>Whether a customer is in a control group.</summary>
/// <param name="Percent">Its size in per cent of all customers.</param>
/// <param name="Bucket">His bucket, 0–9,999; null when he is known by nothing and has another one each time.</param>
/// <param name="Holds">Whether he is in it: his bucket is less than 100 × percent.</param>
internal sealed record MembershipExplanation(
    [property: JsonPropertyName("percent")] decimal Percent,
    [property: JsonPropertyName("bucket")] int? Bucket,
    [property: JsonPropertyName("in")] bool Holds);

/// <summary>Whether an audience fits, and why.</summary>
internal sealed record AudienceExplanation
{
    /// <summary>Its id.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Whether it fits.</summary>
    [JsonPropertyName("fits")]
    public required bool Fits { get; init; }

    /// <summary>Whether it is the first that fits, which wins.</summary>
    [JsonPropertyName("wins")]
    public required bool Wins { get; init; }

    /// <summary>What it depends on beside its conditions; null when on nothing.</summary>
    [JsonPropertyName("note")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Note { get; init; }

    /// <summary>What a user has to meet, part by part; absent: everybody fits.</summary>
    [JsonPropertyName("match")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConditionExplanation? Match { get; init; }

    /// <summary>What keeps a user out, part by part; absent: nothing does.</summary>
    [JsonPropertyName("exclude")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConditionExplanation? Exclude { get; init; }
}

/// <summary>How a variation was chosen.</summary>
/// <param name="AudienceId">The audience that won.</param>
/// <param name="Bucket">The customer's bucket in it, 0–9,999; null when he is known by nothing and has another one each time.</param>
/// <param name="VariationId">Whose the bucket is.</param>
/// <param name="VariationName">What that is called.</param>
/// <param name="Ranges">Whose all buckets are.</param>
internal sealed record AssignmentExplanation(
    [property: JsonPropertyName("audience_id")] string AudienceId,
    [property: JsonPropertyName("bucket")] int? Bucket,
    [property: JsonPropertyName("variation_id")] string VariationId,
    [property: JsonPropertyName("variation_name")] string? VariationName,
    [property: JsonPropertyName("ranges")] IReadOnlyList<BucketRange> Ranges);

/// <summary>A variable that could not be filled in as it is written.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">Why it could not.</param>
/// <param name="Fallback">What was done instead.</param>
internal sealed record VariableExplanation(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("fallback"), OneOf("text", "empty", "do_not_deliver")] string Fallback);
