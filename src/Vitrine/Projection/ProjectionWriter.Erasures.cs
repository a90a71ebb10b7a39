using System.Globalization;
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
    private void ApplyErasure(long position, ReadOnlySpan<byte> record)
    {
        ErasureRecord erasure;
        try
        {
            erasure = ErasureRecordCodec.Read(record);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return;
        }

        _receivedAt = erasure.ReceivedAt;
        PendingEvents++;
        var environmentId = Encoding.UTF8.GetBytes(erasure.EnvironmentId);
        var environment = EnvironmentNumber(environmentId);
        _tables.Flush(); // What the batch has counted so far is to be found.
        foreach (var customerId in erasure.Customers.Where(static one => one.Length > 0).Distinct(StringComparer.Ordinal))
        {
            var utf8 = Encoding.UTF8.GetBytes(customerId);
            if (_identities.Customers.Find(environment, utf8) is > 0 and var customer)
            {
                Erase(environment, customer, environmentId, utf8, erasure);
            }

            _behaviours?.Forget(environmentId, utf8);
        }

        ProjectionFile.Execute(_connection, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO erasures VALUES ({position}, {environment}, {erasure.ReceivedAt})"));
    }

    private void Erase(int environment, int customer, byte[] environmentId, byte[] customerId, ErasureRecord erasure)
    {
        var before = erasure.Before ?? long.MaxValue;
        ProjectionFile.Execute(_connection, string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO erased_events
              SELECT environment, uuid, received_at, position, element_index, action_index FROM events
              WHERE customer = {customer} AND received_at < {before};
            DELETE FROM events WHERE customer = {customer} AND received_at < {before};
            INSERT INTO erased_events
              SELECT environment, uuid, received_at, position, {GoalRequest.NoElement}, action_index FROM goal_events
              WHERE customer = {customer} AND received_at < {before};
            DELETE FROM goal_events WHERE customer = {customer} AND received_at < {before};
            """));
        if (erasure.Before is not null && CameLater(customer, before))
        {
            return;
        }

        _profiles.Note(customer, environmentId, customerId, erasure.ReceivedAt, []);
        _identities.Customers.Forget(environment, customerId);
        ProjectionFile.Execute(_connection, string.Create(
            CultureInfo.InvariantCulture, $"DELETE FROM customers WHERE customer = {customer}; INSERT INTO erased_customers VALUES ({customer})"));
    }

    /// <summary>Whether there is anything of a customer that an erasure of what came before a moment leaves.</summary>
    private bool CameLater(int customer, long before) => Convert.ToInt64(
        ProjectionFile.Scalar(_connection, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT (SELECT count(*) FROM events WHERE customer = {customer})
              + (SELECT count(*) FROM goal_events WHERE customer = {customer})
              + (SELECT count(*) FROM profiles WHERE customer = {customer} AND updated_at >= {before})
            """)),
        null) > 0;

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
        if (one.Uuid is { } known)
        {
            rows.SetUuid(1, known);
        }
        else
        {
            rows.SetNull(1);
        }

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
