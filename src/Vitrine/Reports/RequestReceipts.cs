using System.Text.Json.Serialization;
using DuckDB.NET.Data;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>What became of a request.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Position">Where it stands in the journal.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Outcome"><c>accepted</c> or <c>refused</c>.</param>
/// <param name="Reason">Of a refused request: why, from a closed list.</param>
/// <param name="Projected">Whether its events are in the reports yet.</param>
/// <param name="Events">What became of each event, as far as the request's events could be told apart.</param>
public sealed record RequestReceipt(
    [property: JsonPropertyName("req_id")] string RequestId,
    [property: JsonPropertyName("position")] long Position,
    [property: JsonPropertyName("received_at")] string ReceivedAt,
    [property: JsonPropertyName("outcome"), OneOf("accepted", "refused")] string Outcome,
    [property: JsonPropertyName("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonPropertyName("projected")] bool Projected,
    [property: JsonPropertyName("events")] IReadOnlyList<Receipt> Events);

/// <summary>Looks up what became of a request: what it held from the journal, whether it counted from the projection.</summary>
internal static class RequestReceipts
{
    /// <summary>The journal's record of a request; null when there is none at that position for that environment.</summary>
    public static JournaledRequest? ReadRecord(IJournal journal, long position, string environmentId) =>
        journal.Find(position) is { } record ? JournaledRequest.Read(record, environmentId) : null;

    /// <summary>The receipt of a request.</summary>
    public static RequestReceipt Read(DuckDBConnection connection, JournaledRequest request, long position, string environmentId)
    {
        var projected = AsOf.Read(connection).Position >= position;
        var environment = ReportSql.EnvironmentNumber(connection, environmentId);
        var originals = projected ? Duplicates(connection, position, environment) : [];
        var erased = projected ? Erased(connection, position, environment) : [];
        var erasedElements = erased.Select(static one => one.Element).ToHashSet(); // What was wrong beside them may quote them.
        var id = RequestId.Of(position);
        var receivedAt = Timestamps.FromMilliseconds(request.ReceivedAt);
        var events = new List<(int Element, int Action, Receipt Receipt)>();
        foreach (var (element, action, uuid) in request.Events)
        {
            var isDuplicate = originals.TryGetValue((element, action), out var original);
            events.Add((element, action, new Receipt(
                id, receivedAt, EventPath.Of(element, action), !projected ? "accepted" : isDuplicate ? "duplicate" : erased.Contains((element, action)) ? Receipts.Erased : "stored")
            {
                Uuid = uuid is { } known ? Uuids.Format(known) : null,
                DuplicateOf = isDuplicate ? RequestId.Of(original) : null,
            }));
        }

        foreach (var rejection in request.Rejections)
        {
            var receipt = new Receipt(id, receivedAt, EventPath.Of(rejection.Element, rejection.Action), "rejected")
            {
                Uuid = rejection.Uuid is { } uuid ? Uuids.Format(uuid) : null,
                Reason = rejection.Reason.Name(),
            };
            events.Add((rejection.Element, rejection.Action, erasedElements.Contains(rejection.Element) ? receipt : Receipts.Explain(receipt, rejection, request.Bytes)));
        }

        return new RequestReceipt(
            id,
            position,
            receivedAt,
            request.Refusal == RejectionReason.None ? "accepted" : "refused",
            request.Refusal == RejectionReason.None ? null : request.Refusal.Name(),
            projected,
            [.. events.OrderBy(static one => one.Element).ThenBy(static one => one.Action).Select(static one => one.Receipt)]);
    }

    /// <summary>The duplicates of a request and the positions of the events that count instead.</summary>
    private static Dictionary<(int Element, int Action), long> Duplicates(DuckDBConnection connection, long position, int environment)
    {
        using var command = ReportSql.Command(
            connection,
            """
            SELECT d.element_index, d.action_index, e.position
            FROM duplicates d
            JOIN (
              SELECT environment, uuid, position FROM events
              UNION ALL
              SELECT environment, uuid, position FROM erased_events WHERE uuid IS NOT NULL
              UNION ALL
              SELECT environment, uuid, position FROM rolled_events WHERE uuid IS NOT NULL
              UNION ALL
              SELECT environment, uuid, position FROM goal_events WHERE uuid IS NOT NULL) e ON e.environment = d.environment AND e.uuid = d.uuid
            WHERE d.environment = $environment AND d.position = $position
            """,
            ("environment", environment),
            ("position", position));
        using var reader = command.ExecuteReader();
        var originals = new Dictionary<(int, int), long>();
        while (reader.Read())
        {
            originals[(reader.GetInt32(0), reader.GetInt32(1))] = reader.GetInt64(2);
        }

        return originals;
    }

    /// <summary>The events of a request that were erased.</summary>
    private static HashSet<(int Element, int Action)> Erased(DuckDBConnection connection, long position, int environment)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT element_index, action_index FROM erased_events WHERE environment = $environment AND position = $position",
            ("environment", environment),
            ("position", position));
        using var reader = command.ExecuteReader();
        var erased = new HashSet<(int, int)>();
        while (reader.Read())
        {
            erased.Add((reader.GetInt32(0), reader.GetInt32(1)));
        }

        return erased;
    }
}
