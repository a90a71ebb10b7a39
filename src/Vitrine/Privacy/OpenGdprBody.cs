using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Privacy;

/// <summary>A body of <c>POST /v1/opengdpr_requests/{workspaceId}</c>.</summary>
/// <param name="RequestType"><c>erasure</c>.</param>
/// <param name="Identities">Who is to be erased, 1–100.</param>
/// <param name="SubmittedTime">When the customer asked for it; not looked at.</param>
/// <param name="ApiVersion"><c>1.0</c>; not looked at.</param>
public sealed record OpenGdprBody(
    [property: JsonPropertyName("request_type"), OneOf("erasure")] string? RequestType,
    [property: JsonPropertyName("identities")] IReadOnlyList<OpenGdprIdentity?>? Identities,
    [property: JsonPropertyName("submitted_time")] JsonElement? SubmittedTime = null,
    [property: JsonPropertyName("api_version")] JsonElement? ApiVersion = null)
{
    /// <summary>Bytes of a body after decompression.</summary>
    internal const int MaximumBytes = 128 * 1024;

    /// <summary>Identities in a request.</summary>
    internal const int MaximumIdentities = 100;

    /// <summary>Reads a body. Answers why it is refused, or null when it is good.</summary>
    internal static ApiError? Read(ReadOnlySpan<byte> utf8, out OpenGdprBody body)
    {
        body = new OpenGdprBody(null, null);
        utf8 = utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        if (utf8.Trim(" \t\r\n"u8).IsEmpty)
        {
            return ApiError.EmptyBody;
        }

        try
        {
            using var json = JsonDocument.Parse(utf8.ToArray());
            body = json.Deserialize(PrivacyJson.Readable.OpenGdprBody) ?? body;
        }
        catch (JsonException fault) when (fault.Path is ['$', '.', .. var path])
        {
            return Refused([new ApiFieldError("/" + path.Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '/'), "is of another type than it must be; see the description of the interface")]);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return ApiError.MalformedJson;
        }

        var errors = body.Errors().Take(20).ToList();
        return errors.Count == 0 ? null : Refused(errors);
    }

    private IEnumerable<ApiFieldError> Errors()
    {
        if (RequestType != "erasure")
        {
            yield return new ApiFieldError("/request_type", "must be \"erasure\"; what is known of a customer is handed out by GET /api/v1/customers/{customerId}/export");
        }

        if (Identities is not { Count: >= 1 and <= MaximumIdentities })
        {
            yield return new ApiFieldError("/identities", $"must be an array of 1–{MaximumIdentities} identities");
        }

        for (var index = 0; index < Math.Min(Identities?.Count ?? 0, MaximumIdentities); index++)
        {
            if ((Identities![index] is { } identity ? identity.WhyNot() : ("", "must be an object")) is var (field, reason))
            {
                yield return new ApiFieldError($"/identities/{index}{field}", reason);
            }
        }
    }

    private static ApiError Refused(IReadOnlyList<ApiFieldError> errors) =>
        ApiError.InvalidFields(string.Join("; ", errors.Select(static error => $"{error.Path[1..]} {error.Reason}")), errors);
}

/// <summary>Who is meant.</summary>
/// <param name="Type"><c>ID</c>: the customer's id; <c>email</c> and <c>mobile</c>: whose profile has it as <c>u_em</c> or <c>u_mb</c>.</param>
/// <param name="Value">The id, the address or the number.</param>
public sealed record OpenGdprIdentity(
    [property: JsonPropertyName("identity_type"), OneOf("ID", "email", "mobile")] string? Type,
    [property: JsonPropertyName("identity_value")] string? Value)
{
    /// <summary>Whether it is a customer's id.</summary>
    internal bool IsId => string.Equals(Type, "ID", StringComparison.OrdinalIgnoreCase);

    /// <summary>The attribute of a profile that holds it; null when it is an id.</summary>
    internal string? Attribute => IsId ? null : string.Equals(Type, "email", StringComparison.OrdinalIgnoreCase) ? "u_em" : "u_mb";

    /// <summary>What is wrong with it, and where; null when nothing is.</summary>
    internal (string Field, string Reason)? WhyNot() =>
        !IsId && !string.Equals(Type, "email", StringComparison.OrdinalIgnoreCase) && !string.Equals(Type, "mobile", StringComparison.OrdinalIgnoreCase)
            ? ("/identity_type", "must be ID, email or mobile")
        : Value is null ? ("/identity_value", "is required: a string")
        : IsId && CustomerRules.WhyNotId(Encoding.UTF8.GetBytes(Value)) is { } reason ? ("/identity_value", reason)
        : Value.Trim().Length == 0 ? ("/identity_value", "must not be empty")
        : null;
}

/// <summary>The answer to an accepted request.</summary>
/// <param name="Status"><c>success</c>.</param>
/// <param name="Message">That it is accepted.</param>
/// <param name="RequestId">By which <c>GET /api/v1/erasures/{request_id}</c> says what became of it.</param>
public sealed record OpenGdprAnswer(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("request_id")] string RequestId);
