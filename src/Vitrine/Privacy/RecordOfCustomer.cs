using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Privacy;

/// <summary>What a journal record says of one customer, and of nobody else. Used by one thread.</summary>
internal sealed class RecordOfCustomer(byte[] environmentId, byte[] customerId)
{
    private readonly ExperienceRequest _request = new();
    private readonly ExperienceRequest _part = new();
    private readonly GoalRequest _goals = new();

    /// <summary>Appends the record without the other customers; false when it does not mention this one, or cannot be read.</summary>
    public bool TryTake(ReadOnlySpan<byte> record, ByteWriter part)
    {
        try
        {
            return RecordKinds.Of(record) switch
            {
                RecordKind.ExperienceEvents => TryTakeRequest(record, part),
                RecordKind.GoalEvents => IsOfGoals(record) && Take(record, part),
                RecordKind.CustomerProfile or RecordKind.CustomerRemoval => IsOfProfile(record) && Take(record, part),
                _ => false,
            };
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private bool TryTakeRequest(ReadOnlySpan<byte> record, ByteWriter part)
    {
        ExperienceRequestCodec.Read(record, _request);
        if (!_request.Environment.Of(record).SequenceEqual(environmentId))
        {
            return false;
        }

        _part.Clear();
        (_part.ReceivedAt, _part.Refusal) = (_request.ReceivedAt, _request.Refusal);
        _part.Contexts.AddRange(_request.Contexts);
        foreach (var element in _request.Elements)
        {
            if (element.CustomerId.Of(record).SequenceEqual(customerId))
            {
                _part.Elements.Add(element with { FirstEvent = _part.Events.Count });
                _part.Events.AddRange(_request.Events.Skip(element.FirstEvent).Take(element.EventCount));
            }
        }

        _part.ReceivedEvents = _part.Events.Count;
        if (_part.Elements.Count == 0)
        {
            return false;
        }

        ExperienceRequestCodec.Write(_part, record, environmentId, part);
        return true;
    }

    private bool IsOfGoals(ReadOnlySpan<byte> record)
    {
        GoalRequestCodec.Read(record, _goals);
        return _goals.Environment.Of(record).SequenceEqual(environmentId) && _goals.CustomerId.Of(record).SequenceEqual(customerId);
    }

    private bool IsOfProfile(ReadOnlySpan<byte> record)
    {
        var change = CustomerRecordCodec.Read(record);
        return change.Environment.SequenceEqual(environmentId) && change.CustomerId.SequenceEqual(customerId);
    }

    private static bool Take(ReadOnlySpan<byte> record, ByteWriter part)
    {
        part.WriteRaw(record);
        return true;
    }
}
