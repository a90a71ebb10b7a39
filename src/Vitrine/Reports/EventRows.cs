using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>Reads events with their fields named as on the wire.</summary>
/// <param name="sql">The file in <c>Sql/</c>; its last columns are attributes, received_at and position.</param>
/// <param name="order">The places of events in SQL, in the order of receipt.</param>
/// <param name="fields">The fields in their order; <c>attributes</c> is a JSON object, <c>req_id</c> names the request.</param>
internal sealed class EventRows(string sql, string order, params IReadOnlyList<string> fields)
{
    private readonly int _attributesColumn = fields.Count - 3;
    private readonly int _receivedAtColumn = fields.Count - 2;
    private readonly int _positionColumn = fields.Count - 1;

    /// <summary>Impressions and clicks.</summary>
    public static EventRows OfExperiences { get; } = new(
        "EventRows",
        "e.position, e.element_index, e.action_index",
        "customer_id", "action", "moe_event_uuid", "event_time", "platform", "cid", "experience", "moe_locale_id",
        "moe_variation_id", "audience_name", "audience_id", "type", "b_id", "user_timezone_offset", "attributes",
        "received_at", "req_id");

    /// <summary>Goal events.</summary>
    public static EventRows OfGoals { get; } = new(
        "GoalEventRows",
        "e.position, e.action_index",
        "customer_id", "action", "moe_event_uuid", "current_time", "platform", "app_version", "user_timezone_offset", "attributes",
        "received_at", "req_id");

    /// <summary>The fields in their order.</summary>
    public IReadOnlyList<string> Fields { get; } = fields;

    /// <summary>The order of receipt in that SQL.</summary>
    public string Order { get; } = order;

    /// <summary>The SQL that reads them: the environment is the parameter <c>environment</c>, and <c>e</c> the events.</summary>
    public string Sql => ReportSql.Read(sql);

    /// <summary>The rows of an event with that element.</summary>
    public static EventRows Of(int element) => element == GoalRequest.NoElement ? OfGoals : OfExperiences;

    /// <summary>The event that a request brought under a uuid.</summary>
    public JsonObject? ReadOne(DuckDBConnection connection, int environment, long position, string uuid)
    {
        using var command = ReportSql.Command(
            connection,
            Sql + " AND e.position = $position AND e.uuid = $uuid::UUID",
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
    public void Write(Utf8JsonWriter writer, DuckDBDataReader reader)
    {
        writer.WriteStartObject();
        for (var column = 0; column < Fields.Count; column++)
        {
            if (reader.IsDBNull(column))
            {
                continue;
            }

            writer.WritePropertyName(Fields[column]);
            if (column == _attributesColumn)
            {
                writer.WriteRawValue(reader.GetString(column), skipInputValidation: true);
            }
            else if (column > _attributesColumn)
            {
                writer.WriteStringValue(Text(reader, column));
            }
            else
            {
                WriteScalar(writer, reader, column);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>A field of the current row as text; null when the event does not have it.</summary>
    public string? Text(DuckDBDataReader reader, int column) =>
        reader.IsDBNull(column) ? null
        : column == _receivedAtColumn ? Timestamps.FromMilliseconds(reader.GetInt64(column))
        : column == _positionColumn ? RequestId.Of(reader.GetInt64(column))
        : Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);

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
