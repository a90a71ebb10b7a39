using System.Text;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Decisions;

internal static partial class FetchDecoder
{
    /// <summary>What a customer can be found by beside his id, the first that there is.</summary>
    private static readonly string[] Identifiers = ["u_em", "u_mb"];

    private static readonly byte[][] Utf8Identifiers = [.. Identifiers.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The name of an identifier in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Utf8Name(string identifier) => Utf8Identifiers[Array.IndexOf(Identifiers, identifier)];

    private static ApiError? ReadIdentifiers(ref Utf8JsonReader reader, FetchRequest request)
    {
        request.ClearIdentifiers(); // Of a repeated field the last one counts.
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            var wasNull = reader.TokenType == JsonTokenType.Null;
            reader.Skip();
            return wasNull ? null : Invalid("/identifiers", "identifiers", "must be an object such as {\"customer_id\": \"ada\"}.");
        }

        ApiError? error = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("customer_id"u8))
            {
                reader.Read();
                error = ReadCustomerId(ref reader, request);
            }
            else if (reader.ValueTextEquals("user_identifiers"u8))
            {
                reader.Read();
                ReadUserIdentifiers(ref reader, request);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return error;
    }

    private static ApiError? ReadCustomerId(ref Utf8JsonReader reader, FetchRequest request)
    {
        request.CustomerId.Clear();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (!TryCopy(ref reader, request.CustomerId) || request.CustomerId.Length > CustomerRules.MaximumIdBytes)
        {
            reader.Skip();
            request.CustomerId.Clear();
            return Invalid("/identifiers/customer_id", "customer_id", $"must be a text of at most {CustomerRules.MaximumIdBytes} bytes of UTF-8.");
        }

        if (CustomerRules.WhyNotId(request.CustomerId.Written) is not null)
        {
            request.CustomerId.Clear(); // A placeholder names nobody: who share one are not to share a variation.
        }

        return null;
    }

    /// <summary>Some clients send a text here, which says nothing of what it is: it is passed over.</summary>
    private static void ReadUserIdentifiers(ref Utf8JsonReader reader, FetchRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = null;
            foreach (var known in Identifiers)
            {
                name ??= reader.ValueTextEquals(known) ? known : null;
            }

            reader.Read();
            if (name is null || (request.IdentifierName is { } taken && string.CompareOrdinal(taken, name) < 0))
            {
                reader.Skip();
                continue;
            }

            request.Text.Clear();
            if (TryCopy(ref reader, request.Text) && CustomerRules.WhyNotId(request.Text.Written) is null)
            {
                request.Identifier.Clear(); // What names nobody, such as a placeholder, leaves the other identifier in its place.
                request.Identifier.WriteRaw(request.Text.Written);
                request.IdentifierName = name;
            }

            reader.Skip();
        }
    }
}
