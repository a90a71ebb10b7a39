using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Decisions;

/// <summary>The shapes of the fetch endpoint for the description of the interface; the decoder reads without them.</summary>
internal static class FetchDescription
{
    /// <summary>A request to fetch experiences. Every further property is an attribute of the session.</summary>
    internal sealed record Body
    {
        /// <summary>Who is asked for. Without it only experiences for everybody are delivered.</summary>
        [JsonPropertyName("identifiers")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public Identifiers? Identifiers { get; init; }

        /// <summary>The keys of the experiences. Absent: all that are active.</summary>
        [JsonPropertyName("experience_key")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public IReadOnlyList<string>? Keys { get; init; }

        /// <summary>The weekday in UTC that is decided for. Absent: today.</summary>
        [JsonPropertyName("DAY_OF_THE_WEEK"), OneOf("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? Day { get; init; }

        /// <summary>The hour in UTC that is decided for, 00–23. Absent: the present one.</summary>
        [JsonPropertyName("TIME_OF_THE_DAY")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? Hour { get; init; }

        /// <summary>The user's address.</summary>
        [JsonPropertyName("USER_IP_ADDRESS")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? Address { get; init; }

        /// <summary>What the user's browser or app calls itself.</summary>
        [JsonPropertyName("USER_AGENT")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? UserAgent { get; init; }
    }

    /// <summary>Who is asked for.</summary>
    internal sealed record Identifiers
    {
        /// <summary>The customer: 1–512 bytes of UTF-8.</summary>
        [JsonPropertyName("customer_id")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public string? CustomerId { get; init; }

        /// <summary>What else he is known by: <c>u_em</c>, an e-mail address, or <c>u_mb</c>, a telephone number. Looked at without a customer id.</summary>
        [JsonPropertyName("user_identifiers")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public IReadOnlyDictionary<string, string>? UserIdentifiers { get; init; }
    }

    /// <summary>The experiences that the user gets, by key.</summary>
    internal sealed record Answer
    {
        /// <summary>The experiences.</summary>
        [JsonPropertyName("experiences")]
        public required IReadOnlyDictionary<string, Experience> Experiences { get; init; }

        /// <summary>Why an experience is left out, by key; only where it was preferred.</summary>
        [JsonPropertyName("failures")]
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyDictionary<string, string>? Failures { get; init; }
    }

    /// <summary>An experience as it is delivered.</summary>
    internal sealed record Experience
    {
        /// <summary>What is in it.</summary>
        [JsonPropertyName("payload")]
        public required IReadOnlyDictionary<string, Variable> Payload { get; init; }

        /// <summary>What is sent back when it is shown or clicked.</summary>
        [JsonPropertyName("experience_context")]
        public required IReadOnlyDictionary<string, string> Context { get; init; }
    }

    /// <summary>A variable of a payload.</summary>
    internal sealed record Variable
    {
        /// <summary>Its value, of its type.</summary>
        [JsonPropertyName("value")]
        public JsonNode? Value { get; init; }

        /// <summary>Its type.</summary>
        [JsonPropertyName("data_type"), OneOf("string", "number", "boolean", "float", "json")]
        public required string DataType { get; init; }
    }
}
