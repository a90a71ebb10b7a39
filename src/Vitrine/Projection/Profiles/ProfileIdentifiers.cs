using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Projection.Profiles;

/// <summary>
/// The attributes by which a request may name a customer: <c>u_em</c>, the e-mail address, and <c>u_mb</c>, the mobile number.
/// Their values are compared byte for byte, numbers as their text. What would be refused as a customer's id, such as
/// <c>none</c> or a text beyond 512 bytes, names nobody. Any thread may ask.
/// </summary>
internal sealed class ProfileIdentifiers
{
    private readonly TextHash _emails = new();
    private readonly TextHash _mobiles = new();

    /// <summary>The key of a value; null when it names nobody.</summary>
    public TextKey? KeyOf(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var hash = name.SequenceEqual("u_em"u8) ? _emails : name.SequenceEqual("u_mb"u8) ? _mobiles : null;
        return hash is null || CustomerRules.WhyNotId(value) is not null ? null : hash.Of(environmentId, value);
    }

    /// <summary>The keys of a profile's values.</summary>
    /// <param name="environmentId">Whose customer.</param>
    /// <param name="attributes">A JSON object without repeated names.</param>
    public (TextKey? Email, TextKey? Mobile) Of(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> attributes)
    {
        (TextKey? Email, TextKey? Mobile) keys = default;
        if (attributes.IndexOf("\"u_em\":"u8) < 0 && attributes.IndexOf("\"u_mb\":"u8) < 0)
        {
            return keys;
        }

        var reader = new Utf8JsonReader(attributes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("u_em"u8))
            {
                keys.Email = KeyOfValue(environmentId, "u_em"u8, ref reader);
            }
            else if (reader.ValueTextEquals("u_mb"u8))
            {
                keys.Mobile = KeyOfValue(environmentId, "u_mb"u8, ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return keys;
    }

    private TextKey? KeyOfValue(ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        const int longestEscaped = CustomerRules.MaximumIdBytes * 6;
        reader.Read();
        if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number && reader.ValueSpan.Length <= longestEscaped)
        {
            if (!reader.ValueIsEscaped)
            {
                return KeyOf(environmentId, name, reader.ValueSpan);
            }

            Span<byte> text = stackalloc byte[longestEscaped];
            return KeyOf(environmentId, name, text[..reader.CopyString(text)]);
        }

        reader.Skip();
        return null;
    }
}
