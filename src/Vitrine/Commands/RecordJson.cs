using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Commands;

/// <summary>A journal record for people to read.</summary>
internal static class RecordJson
{
    /// <summary>Text stays readable.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one record.</summary>
    public static void Write(Utf8JsonWriter writer, long position, ReadOnlySpan<byte> record)
    {
        var request = new ExperienceRequest();
        writer.WriteStartObject();
        writer.WriteNumber("position", position);
        writer.WriteString("req_id", RequestId.Of(position));
        writer.WriteNumber("bytes", record.Length);
        ExperienceRequestCodec.Read(record, request);
        writer.WriteString("received_at", DateTimeOffset.FromUnixTimeMilliseconds(request.ReceivedAt));
        writer.WriteString("environment", request.Environment.Of(record));
        writer.WriteString("refusal", request.Refusal == RejectionReason.None ? null : request.Refusal.Name());
        writer.WriteNumber("received_events", request.ReceivedEvents);
        writer.WriteStartArray("events");
        foreach (var element in request.Elements)
        {
            for (var index = 0; index < element.EventCount; index++)
            {
                WriteEvent(writer, element, request.Events[element.FirstEvent + index], request, record);
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("rejections");
        foreach (var rejection in request.Rejections)
        {
            writer.WriteStartObject();
            writer.WriteString("path", EventPath.Of(rejection.Element, rejection.Action));
            writer.WriteString("moe_event_uuid", rejection.Uuid is { } uuid ? Uuids.Format(uuid) : null);
            writer.WriteString("reason", rejection.Reason.Name());
            writer.WriteString("error_path", rejection.Explanation.Present ? rejection.ErrorPath(record) : null);
            writer.WriteString("explanation", rejection.Explanation.Of(record));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteEvent(
        Utf8JsonWriter writer, RequestElement element, ExperienceEvent one, ExperienceRequest request, ReadOnlySpan<byte> record)
    {
        var context = request.Contexts[one.Context];
        writer.WriteStartObject();
        writer.WriteString("path", EventPath.Of(element.Index, one.Index));
        writer.WriteString("customer_id", element.CustomerId.Of(record));
        writer.WriteString("moe_event_uuid", Uuids.Format(one.Uuid));
        writer.WriteString("action", one.Action == EventAction.Impression ? "MOE_PERSONALIZATION_MESSAGE_SHOWN" : "MOE_PERSONALIZATION_MESSAGE_CLICKED");
        writer.WriteString("platform", one.Platform.ToString().ToLowerInvariant());
        writer.WriteNumber("event_time", one.Time);
        writer.WriteString("cid", context.Cid.Of(record));
        writer.WriteString("moe_variation_id", context.VariationId.Of(record));
        writer.WriteString("audience_id", context.AudienceId.Of(record));
        writer.WriteString("moe_locale_id", context.LocaleId.Of(record));
        writer.WriteEndObject();
    }
}
