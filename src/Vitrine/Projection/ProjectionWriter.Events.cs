using System.Runtime.InteropServices;
using Vitrine.Journal.Records;
using Vitrine.Projection.Deduplication;

namespace Vitrine.Projection;

/// <remarks>Requests to report events.</remarks>
internal sealed partial class ProjectionWriter
{
    private void ApplyRequest(long position, ReadOnlySpan<byte> record)
    {
        try
        {
            ExperienceRequestCodec.Read(record, _request);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return;
        }

        _receivedAt = _request.ReceivedAt;
        var environment = EnvironmentNumber(_request.Environment.Of(record));
        _intake.Add(environment, _request.ReceivedAt, _request.Refusal, _request.ReceivedEvents);
        PendingEvents += _request.ReceivedEvents + 1;
        var uuids = _identities.Uuids.Of(environment);
        foreach (var one in _request.Events)
        {
            uuids.Expect(one.Uuid);
        }

        CollectionsMarshal.SetCount(_contextNumbers, _request.Contexts.Count);
        CollectionsMarshal.AsSpan(_contextNumbers).Clear();
        var erased = Erased(_request.Erased);
        foreach (var element in _request.Elements)
        {
            ApplyErased(position, environment, ref erased, element.Index);
            Apply(position, environment, uuids, in element, record);
        }

        foreach (var rejection in _request.Rejections)
        {
            Reject(position, environment, in rejection);
        }

        ApplyErased(position, environment, ref erased, int.MaxValue);
    }

    private void Apply(long position, int environment, SeenUuids uuids, in RequestElement element, ReadOnlySpan<byte> record)
    {
        var customer = 0;
        for (var index = 0; index < element.EventCount; index++)
        {
            var one = _request.Events[element.FirstEvent + index];
            if (!uuids.Add(one.Uuid))
            {
                Duplicate(position, environment, element.Index, one.Index, one.Uuid);
                continue;
            }

            if (customer == 0)
            {
                customer = CustomerNumber(environment, element.CustomerId.Of(record));
                if (element.UserAttributes.Present)
                {
                    _profiles.Note(
                        customer, _request.Environment.Of(record), element.CustomerId.Of(record), _request.ReceivedAt, element.UserAttributes.Of(record));
                }
            }

            Store(position, environment, customer, in element, in one, record);
        }
    }

    private void Store(
        long position, int environment, int customer, in RequestElement element, in ExperienceEvent one, ReadOnlySpan<byte> record)
    {
        ref var context = ref CollectionsMarshal.AsSpan(_contextNumbers)[one.Context];
        context = context == 0 ? ContextNumber(environment, _request.Contexts[one.Context], record) : context;
        var rows = _tables.Events;
        rows.Set(0, environment);
        rows.Set(1, context);
        rows.Set(2, customer);
        rows.Set(3, (byte)one.Action);
        rows.Set(4, (byte)one.Platform);
        rows.Set(5, one.Time);
        rows.Set(6, _request.ReceivedAt);
        rows.Set(7, position);
        rows.Set(8, element.Index);
        rows.Set(9, one.Index);
        rows.SetUuid(10, one.Uuid);
        if (one.ClickTarget.Present)
        {
            rows.Set(11, ClickTargetNumber(environment, one.ClickTarget.Of(record)));
        }
        else
        {
            rows.SetNull(11);
        }

        if (element.TimezoneOffset is { } offset)
        {
            rows.Set(12, offset);
        }
        else
        {
            rows.SetNull(12);
        }

        SetText(rows, 13, one.Attributes, record);
        rows.EndRow();
        _metrics.Stored();
        if (_behaviours?.IsWatching == true)
        {
            _behaviours.Note(
                _request.Environment.Of(record),
                one.Action,
                ExperienceId(_request.Contexts[one.Context].Cid.Of(record)),
                element.CustomerId.Of(record),
                one.Time);
        }
    }
}
