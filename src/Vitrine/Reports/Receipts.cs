using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Reports;

/// <summary>What became of an event in one of the requests that brought it.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Path">The event's place in it.</param>
/// <param name="Outcome"><c>stored</c>, <c>duplicate</c>, <c>rejected</c>, or <c>erased</c> where its customer was.</param>
public sealed record Receipt(
    [property: JsonPropertyName("req_id")] string RequestId,
    [property: JsonPropertyName("received_at")] string ReceivedAt,
    [property: JsonPropertyName("path")] string Path,
    [property: JsonPropertyName("outcome"), OneOf("stored", "duplicate", "rejected", "erased")] string Outcome)
{
    /// <summary>The event, where the receipt is of a request.</summary>
    [JsonPropertyName("moe_event_uuid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uuid { get; init; }

    /// <summary>Of a duplicate: the request whose event counts.</summary>
    [JsonPropertyName("duplicate_of"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DuplicateOf { get; init; }

    /// <summary>Of a duplicate: the fields in which it differs from the event that counts; the first one wins.</summary>
    [JsonPropertyName("conflict"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Conflict { get; init; }

    /// <summary>Of a rejected event: why, from a closed list.</summary>
    [JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Of a rejected event: what was wrong, at <c>error_path</c>.</summary>
    [JsonPropertyName("explanation"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Explanation { get; init; }

    /// <summary>Of a rejected event: JSON pointer to what was wrong.</summary>
    [JsonPropertyName("error_path"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorPath { get; init; }
}

/// <summary>Everything known of a uuid.</summary>
/// <param name="Uuid">The uuid.</param>
/// <param name="Outcome"><c>stored</c> when an event of that uuid counts, <c>erased</c> when it did, else <c>rejected</c>.</param>
/// <param name="Event">The event that counts, its fields named as on the wire; null when none does, and when it counts but single events of its time are not kept any more.</param>
/// <param name="Receipts">One for each request that brought it, in the order of receipt.</param>
public sealed record EventReceipts(
    [property: JsonPropertyName("moe_event_uuid")] string Uuid,
    [property: JsonPropertyName("outcome"), OneOf("stored", "rejected", "erased")] string Outcome,
    [property: JsonPropertyName("event")] JsonObject? Event,
    [property: JsonPropertyName("receipts")] IReadOnlyList<Receipt> Receipts);

/// <summary>Looks up what became of an event.</summary>
internal static class Receipts
{
    private const string Stored = "stored";
    private const string Duplicate = "duplicate";
    private const string Rejected = "rejected";

    /// <summary>The outcome of an event whose customer was erased.</summary>
    public const string Erased = "erased";

    /// <summary>The receipts of a uuid; null when no request of the environment brought it.</summary>
    public static EventReceipts? Read(DuckDBConnection connection, IJournal journal, string environmentId, UInt128 uuid)
    {
        var environment = ReportSql.EnvironmentNumber(connection, environmentId);
        var text = Uuids.Format(uuid);
        var receipts = new List<(long Position, int Element, int Action, Receipt Receipt)>();
        using var command = ReportSql.Command(connection, ReportSql.Read("Receipts"), ("environment", environment), ("uuid", text));
        var records = new RecordCache(journal, environmentId);
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                receipts.Add((reader.GetInt64(1), reader.GetInt32(3), reader.GetInt32(4), ReadReceipt(reader, records)));
            }
        }

        if (receipts.Count == 0)
        {
            return null;
        }

        var original = receipts.Find(static one => one.Receipt.Outcome is Stored or Erased);
        var isStored = original.Receipt?.Outcome == Stored;
        var counted = !isStored ? null : records.Read(original.Position)?.Find(original.Element, original.Action);
        return new EventReceipts(
            text,
            original.Receipt?.Outcome ?? Rejected,
            !isStored ? null : EventRows.Of(original.Element).ReadOne(connection, environment, original.Position, text),
            [.. receipts.Select(one => one.Receipt.Outcome == Duplicate
                ? one.Receipt with
                {
                    DuplicateOf = original.Receipt?.RequestId,
                    Conflict = counted?.DiffersIn(records.Read(one.Position)?.Find(one.Element, one.Action)),
                }
                : one.Receipt)]);
    }

    private static Receipt ReadReceipt(DuckDBDataReader reader, RecordCache records)
    {
        var position = reader.GetInt64(1);
        var (element, action) = (reader.GetInt32(3), reader.GetInt32(4));
        var receipt = new Receipt(
            RequestId.Of(position),
            Timestamps.FromMilliseconds(reader.GetInt64(2)),
            EventPath.Of(element, action),
            reader.GetInt32(0) switch { 1 => Stored, 2 => Duplicate, 4 => Erased, _ => Rejected });
        if (receipt.Outcome != Rejected)
        {
            return receipt;
        }

        receipt = receipt with { Reason = ((RejectionReason)Convert.ToByte(reader.GetValue(5), null)).Name() };
        var request = reader.GetBoolean(6) ? null : records.Read(position); // What was wrong beside an erased event may quote it.
        return request is null ? receipt : Explain(receipt, request, element, action);
    }

    /// <summary>Adds to a rejected event's receipt what the journal says was wrong.</summary>
    private static Receipt Explain(Receipt receipt, JournaledRequest request, int element, int action) =>
        Explain(receipt, request.Rejections.FirstOrDefault(one => one.Element == element && one.Action == action), request.Bytes);

    /// <summary>Adds the explanation of a rejection, where it has one.</summary>
    public static Receipt Explain(Receipt receipt, EventRejection rejection, byte[] bytes) => rejection.Explanation.Present
        ? receipt with
        {
            Explanation = Encoding.UTF8.GetString(rejection.Explanation.Of(bytes)),
            ErrorPath = rejection.ErrorPath(bytes),
        }
        : receipt;

    /// <summary>Reads each record once, though a request may mention a uuid many times.</summary>
    private sealed class RecordCache(IJournal journal, string environmentId)
    {
        private long _position;
        private JournaledRequest? _record;

        public JournaledRequest? Read(long position)
        {
            if (position != _position)
            {
                (_position, _record) = (position, RequestReceipts.ReadRecord(journal, position, environmentId));
            }

            return _record;
        }
    }
}
