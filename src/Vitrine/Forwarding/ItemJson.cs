using System.Buffers;
using System.Text.Json;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Items as targets take them that do not speak the vendor's protocol: one JSON object each.</summary>
internal static class ItemJson
{
    private const string Impression = "impression", Click = "click", Goal = "goal", Profile = "profile";

    /// <summary>What an item is, as answers and messages say it.</summary>
    public static string Name(this ItemKind kind) => kind switch
    {
        ItemKind.Impression => Impression,
        ItemKind.Click => Click,
        ItemKind.Goal => Goal,
        _ => Profile,
    };

    /// <summary>One item: the fields of its action, and whose it is, where it stands in the journal, and when it came.</summary>
    public static byte[] Write(string environmentId, ForwardedItem item)
    {
        var buffer = new ArrayBufferWriter<byte>(item.Bytes + 256);
        using var writer = new Utf8JsonWriter(buffer, RecordJson.Options);
        writer.WriteStartObject();
        writer.WriteString("environment", environmentId);
        writer.WriteNumber("position", item.Position);
        writer.WriteString("received_at", Timestamps.FromMilliseconds(item.ReceivedAt));
        writer.WriteString("kind", item.Kind.Name());
        writer.WriteString("customer_id", item.CustomerId);
        if (item.TimezoneOffset is { } offset)
        {
            writer.WriteNumber("user_timezone_offset", offset);
        }

        if (!item.UserAttributes.IsEmpty)
        {
            writer.WritePropertyName("user_attributes");
            writer.WriteRawValue(JsonText.OnOneLine(item.UserAttributes.Span), skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return Joined(buffer.WrittenSpan, JsonText.OnOneLine(item.Content.Span));
    }

    /// <summary>The members of two objects in one.</summary>
    public static byte[] Joined(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        one = one[..^1];
        other = other.Trim(" \t\r\n"u8)[1..^1].Trim(" \t\r\n"u8);
        var joined = new ByteWriter(one.Length + other.Length + 2);
        joined.WriteRaw(one);
        if (!other.IsEmpty)
        {
            joined.WriteByte((byte)',');
            joined.WriteRaw(other);
        }

        joined.WriteByte((byte)'}');
        return joined.Written.ToArray();
    }
}
