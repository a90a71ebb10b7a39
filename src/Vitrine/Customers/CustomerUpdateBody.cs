using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Customers;

/// <summary>The body as the OpenAPI document describes it. <see cref="CustomerUpdate"/>, not this type, reads a request.</summary>
/// <param name="Type">Always <c>customer</c>.</param>
/// <param name="CustomerId">The customer's own id, 2–512 bytes of UTF-8, none of the placeholders that many users would share. A number is taken as its text. One that is not known yet gets a profile.</param>
public sealed record CustomerUpdateBody(
    [property: JsonPropertyName("type"), OneOf("customer")] string Type,
    [property: JsonPropertyName("customer_id"), MinLength(2), MaxLength(CustomerRules.MaximumIdBytes)] string CustomerId)
{
    /// <summary>What the endpoint promises.</summary>
    internal const string Promise =
        """
        200 means: the attributes are on stable storage and will be set, one request after the other in the order in which
        they were stored. Attributes that are not named stay as they are; null takes one away. Values are strings, numbers,
        booleans, null or arrays of those; a time is a string like any other. At most 100 attributes in a request. A
        profile holds at most 1,000 attributes and 64 KiB of names and values; what would make it grow beyond that is left
        out. Bodies up to 128 KB after decompression; gzip (one member), br and zstd are accepted.
        """;

    /// <summary>The attributes to set; without them the customer gets a profile and no more.</summary>
    [JsonPropertyName("attributes"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Attributes { get; init; }
}

/// <summary>The answer to attributes that were accepted.</summary>
/// <param name="Status">Always <c>success</c>.</param>
/// <param name="Message">Always the same sentence.</param>
/// <param name="RequestId">By which the receipt can be asked for.</param>
public sealed record CustomerUpdateAnswer(
    [property: JsonPropertyName("status"), OneOf("success")] string Status,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("request_id")] string RequestId);
