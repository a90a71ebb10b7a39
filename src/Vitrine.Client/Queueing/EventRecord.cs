using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vitrine.Client.Queueing;

/// <summary>An event as it waits: one line of JSON, which is an element of the API's request with one action.</summary>
internal static class EventRecord
{
    public const string Shown = "MOE_PERSONALIZATION_MESSAGE_SHOWN";
    public const string Clicked = "MOE_PERSONALIZATION_MESSAGE_CLICKED";

    private const string EventTime = "event_time";

    private static readonly Dictionary<string, object?> Nothing = [];

    /// <summary>Names this SDK and its version, so that a report can say which one loses customers.</summary>
    private static readonly string Sdk = "vitrine-net/" + typeof(EventRecord).Assembly.GetName().Version!.ToString(3);

    /// <summary>Writes an event with a line feed at its end.</summary>
    /// <param name="action">What happened.</param>
    /// <param name="context">Of which experience; its attributes win over the extra ones.</param>
    /// <param name="extra">What is added.</param>
    /// <param name="customerId">To whom.</param>
    /// <param name="platform">Where; null: the server is not told.</param>
    /// <param name="now">When.</param>
    /// <param name="isHere">Whether the customer is where this process is, so that its zone is the customer's.</param>
    public static byte[] Write(string action, ExperienceContext context, IReadOnlyDictionary<string, object?>? extra, string customerId, string? platform, DateTimeOffset now, bool isHere)
    {
        using var stream = new MemoryStream(768);
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("customer_id", customerId);
            if (isHere)
            {
                writer.WriteNumber("user_timezone_offset", (int)now.Offset.TotalSeconds);
            }

            writer.WriteStartArray("actions");
            writer.WriteStartObject();
            writer.WriteString("action", action);
            writer.WriteString("moe_event_uuid", Guid.NewGuid());
            writer.WriteNumber(EventTime, now.ToUnixTimeSeconds());
            if (platform is not null)
            {
                writer.WriteString("platform", platform);
            }

            writer.WriteStartObject("attributes");
            WriteExtra(writer, extra ?? Nothing, context);
            context.WriteMembersTo(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>The event without its time, for which the server takes that of arrival; null when it has none.</summary>
    public static byte[]? WithoutTime(ReadOnlySpan<byte> line)
    {
        var json = JsonNode.Parse(line)!;
        return json["actions"]![0]!.AsObject().Remove(EventTime) ? System.Text.Encoding.UTF8.GetBytes(json.ToJsonString() + "\n") : null;
    }

    private static void WriteExtra(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> extra, ExperienceContext context)
    {
        const string target = "b_id", button = "button_id", sdk = "sdk";
        if (!extra.ContainsKey(sdk) && !context.Contains(sdk))
        {
            writer.WriteString(sdk, Sdk);
        }

        if (extra.TryGetValue(button, out var clicked) && !extra.ContainsKey(target) && !context.Contains(target))
        {
            writer.WriteMember(target, clicked);
        }

        foreach (var member in extra)
        {
            if (!context.Contains(member.Key))
            {
                writer.WriteMember(member.Key, member.Value);
            }
        }
    }
}
