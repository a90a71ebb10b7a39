using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;

namespace Vitrine.Reports;

/// <summary>Reads events with their fields named as on the wire.</summary>
internal static class EventRows
{
    /// <summary>The fields in their order; <c>attributes</c> is a JSON object, <c>req_id</c> names the request.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    [
        "customer_id", "action", "moe_event_uuid", "event_time", "platform", "cid", "experience", "moe_locale_id",
        "moe_variation_id", "audience_name", "audience_id", "type", "b_id", "user_timezone_offset", "attributes",
        "received_at", "req_id",
    ];

    private const int AttributesColumn = 14;
    private const int ReceivedAtColumn = 15;
    private const int PositionColumn = 16;

    /// <summary>The event that a request brought under a uuid.</summary>
    public static JsonObject? ReadOne(DuckDBConnection connection, int environment, long position, string uuid)
    {
        using var command = ReportSql.Command(
            connection,
            ReportSql.Read("EventRows") + " AND e.position = $position AND e.uuid = $uuid::UUID",
            ("environment", environment),
            ("position", position),
            ("uuid", uuid));
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, reader);
        }

        return JsonNode.Parse(buffer.ToArray())!.AsObject();
    }

    /// <summary>Writes the current row as a JSON object; what an event does not have is left out.</summary>
    public static void Write(Utf8JsonWriter writer, DuckDBDataReader reader)
    {
        writer.WriteStartObject();
        for (var column = 0; column < Fields.Count; column++)
        {
            if (reader.IsDBNull(column))
            {
                continue;
            }

            writer.WritePropertyName(Fields[column]);
            switch (column)
            {
                case AttributesColumn:
                    writer.WriteRawValue(reader.GetString(column), skipInputValidation: true);
                    break;
                case ReceivedAtColumn or PositionColumn:
                    writer.WriteStringValue(Text(reader, column));
                    break;
                default:
                    WriteScalar(writer, reader, column);
                    break;
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>A field of the current row as text; null when the event does not have it.</summary>
    public static string? Text(DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null
        : column switch
        {
            ReceivedAtColumn => Timestamps.FromMilliseconds(reader.GetInt64(column)),
            PositionColumn => RequestId.Of(reader.GetInt64(column)),
            _ => Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture),
        };

    private static void WriteScalar(Utf8JsonWriter writer, DuckDBDataReader reader, int column)
    {
        switch (reader.GetValue(column))
        {
            case long number:
                writer.WriteNumberValue(number);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case var text:
                writer.WriteStringValue((string)text);
                break;
        }
    }
}
