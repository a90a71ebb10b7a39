using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>
/// Erasures. What was counted before the record goes within the batch's transaction; of each event its place and its uuid
/// stay, so that the books balance and a repetition is told. A customer's number is never given again: whoever comes back
/// is somebody new.
/// </remarks>
internal sealed partial class ProjectionWriter
{
    /// <summary>Whether an erasure was applied since <see cref="Begin"/>.</summary>
    public bool HasErased { get; private set; }

    private void ApplyErasure(long position, ReadOnlySpan<byte> record)
    {
        if (ReadOrQuarantine(position, record, ErasureRecordCodec.Read) is not { } erasure)
        {
            return;
        }

        HasErased = true;
        _receivedAt = erasure.ReceivedAt;
        PendingEvents++;
        var environmentId = Encoding.UTF8.GetBytes(erasure.EnvironmentId);
        var environment = EnvironmentNumber(environmentId);
        _tables.Flush(); // What the batch has counted so far is to be found.
        var known = new Dictionary<int, byte[]>();
        foreach (var customerId in erasure.Customers.Where(static one => one.Length > 0).Select(Encoding.UTF8.GetBytes))
        {
            if (_identities.Customers.Find(environment, customerId) is > 0 and var customer)
            {
                known.TryAdd(customer, customerId);
            }
        }

        if (known.Count > 0)
        {
            Erase(environment, environmentId, known, erasure);
        }

        ProjectionFile.Execute(_connection, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO erasures VALUES ({position}, {environment}, {erasure.ReceivedAt})"));
    }

    /// <summary>All customers of a record at once, for each statement reads the whole table.</summary>
    private void Erase(int environment, byte[] environmentId, Dictionary<int, byte[]> customers, ErasureRecord erasure)
    {
        ProjectionFile.Execute(_connection, $"""
            CREATE TEMPORARY TABLE IF NOT EXISTS erasing (customer INTEGER NOT NULL);
            DELETE FROM erasing;
            INSERT INTO erasing VALUES {string.Join(", ", customers.Keys.Select(static customer => string.Create(CultureInfo.InvariantCulture, $"({customer})")))};
            """);
        var gone = string.Create(CultureInfo.InvariantCulture, $"customer IN (SELECT customer FROM erasing) AND received_at < {erasure.Before ?? long.MaxValue}");
        ProjectionFile.Execute(_connection, $"""
            INSERT INTO erased_events SELECT environment, uuid, received_at, position, element_index, action_index FROM events WHERE {gone};
            DELETE FROM events WHERE {gone};
            INSERT INTO erased_events SELECT environment, uuid, received_at, position, {GoalRequest.NoElement}, action_index FROM goal_events WHERE {gone};
            DELETE FROM goal_events WHERE {gone};
            """);
        var back = erasure.Before is null ? [] : WhoCameBack();
        foreach (var (customer, customerId) in customers)
        {
            _profiles.Note(customer, environmentId, customerId, erasure.ReceivedAt, []); // Of one who came back too: what was set when cannot be told apart.
            _behaviours?.Forget(environmentId, customerId, startAnew: back.Contains(customer));
            if (!back.Contains(customer))
            {
                _identities.Customers.Forget(environment, customerId);
            }
        }

        ProjectionFile.Execute(_connection, $"""
            DELETE FROM erasing WHERE customer IN ({string.Join(", ", back.Append(0).Select(static customer => customer.ToString(CultureInfo.InvariantCulture)))});
            DELETE FROM customers WHERE customer IN (SELECT customer FROM erasing);
            INSERT INTO erased_customers SELECT customer FROM erasing;
            """);
    }

    /// <summary>Those of whom there are events that the erasure leaves.</summary>
    private HashSet<int> WhoCameBack()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT customer FROM events SEMI JOIN erasing USING (customer) UNION SELECT customer FROM goal_events SEMI JOIN erasing USING (customer)";
        using var rows = command.ExecuteReader();
        var back = new HashSet<int>();
        while (rows.Read())
        {
            back.Add(rows.GetInt32(0));
        }

        return back;
    }

    /// <summary>Erased events in the order of their places, in which uuids were seen.</summary>
    private static ReadOnlySpan<ErasedEvent> Erased(List<ErasedEvent> events)
    {
        if (events.Count > 1)
        {
            events.Sort(static (one, other) => (one.Element, one.Action).CompareTo((other.Element, other.Action)));
        }

        return CollectionsMarshal.AsSpan(events);
    }

    /// <summary>Applies those before an element, and leaves the others.</summary>
    private void ApplyErased(long position, int environment, ref ReadOnlySpan<ErasedEvent> events, int element)
    {
        while (!events.IsEmpty && events[0].Element < element)
        {
            ApplyErased(position, environment, in events[0]);
            events = events[1..];
        }
    }

    /// <summary>An event of which an earlier erasure has left the uuid; it counts as seen.</summary>
    private void ApplyErased(long position, int environment, in ErasedEvent one)
    {
        if (one.Uuid is { } uuid && !_identities.Uuids.Of(environment).Add(uuid))
        {
            Duplicate(position, environment, one.Element, one.Action, uuid);
            return;
        }

        var rows = _tables.ErasedEvents;
        rows.Set(0, environment);
        rows.SetUuid(1, one.Uuid);
        rows.Set(2, _receivedAt);
        rows.Set(3, position);
        rows.Set(4, one.Element);
        rows.Set(5, one.Action);
        rows.EndRow();
    }

    private void ApplyErasedRecord(long position, ReadOnlySpan<byte> record)
    {
        try
        {
            _receivedAt = ErasureRecordCodec.ReadErased(record);
            PendingEvents++;
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
        }
    }
}
