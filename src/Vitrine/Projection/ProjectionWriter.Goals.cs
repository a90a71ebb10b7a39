using System.Runtime.InteropServices;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>
/// Requests to report goal events. Their uuids are of the same set as those of impressions and clicks: one uuid names one
/// event of an environment.
/// </remarks>
internal sealed partial class ProjectionWriter
{
    private readonly GoalRequest _goals = new();

    private void ApplyGoals(long position, ReadOnlySpan<byte> record)
    {
        try
        {
            GoalRequestCodec.Read(record, _goals);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return;
        }

        _receivedAt = _goals.ReceivedAt;
        var environment = EnvironmentNumber(_goals.Environment.Of(record));
        _intake.Add(environment, _goals.ReceivedAt, _goals.Refusal, _goals.ReceivedEvents);
        PendingEvents += _goals.ReceivedEvents + 1 + (record.Length / BytesAsHeavyAsAnEvent);
        var uuids = _identities.Uuids.Of(environment);
        foreach (var action in _goals.Actions)
        {
            if (action.Uuid is { } uuid)
            {
                uuids.Expect(uuid);
            }
        }

        var customer = 0;
        foreach (ref readonly var action in CollectionsMarshal.AsSpan(_goals.Actions))
        {
            if (action.Uuid is { } uuid && !uuids.Add(uuid))
            {
                Duplicate(position, environment, GoalRequest.NoElement, action.Index, uuid);
                continue;
            }

            customer = customer == 0 ? CustomerNumber(environment, _goals.CustomerId.Of(record)) : customer;
            StoreGoal(position, environment, customer, in action, record);
        }

        foreach (var rejection in _goals.Rejections)
        {
            Reject(position, environment, in rejection);
        }

        var erased = Erased(_goals.Erased);
        ApplyErased(position, environment, ref erased, int.MaxValue);
    }

    private void StoreGoal(long position, int environment, int customer, in GoalAction action, ReadOnlySpan<byte> record)
    {
        var name = _goals.Names[action.Name].Of(record);
        var rows = _tables.GoalEvents;
        rows.Set(0, environment);
        rows.Set(1, EventNameNumber(environment, name));
        rows.Set(2, customer);
        rows.Set(3, (byte)action.Platform);
        rows.Set(4, action.Time);
        rows.Set(5, _goals.ReceivedAt);
        rows.Set(6, position);
        rows.Set(7, action.Index);
        rows.SetUuid(8, action.Uuid);

        if (action.TimezoneOffset is { } offset)
        {
            rows.Set(9, offset);
        }
        else
        {
            rows.SetNull(9);
        }

        SetText(rows, 10, action.AppVersion, record);
        SetText(rows, 11, action.Attributes, record);
        rows.EndRow();
        _metrics.Stored();
        if (_behaviours?.IsWatching == true)
        {
            _behaviours.Note(_goals.Environment.Of(record), action: null, name, _goals.CustomerId.Of(record), action.Time);
        }
    }

    private static void SetText(ChunkAppender rows, int column, Slice text, ReadOnlySpan<byte> record)
    {
        if (text.Present)
        {
            rows.SetText(column, text.Of(record));
        }
        else
        {
            rows.SetNull(column);
        }
    }
}
