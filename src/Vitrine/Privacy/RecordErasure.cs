using System.Text;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Privacy;

/// <summary>Takes customers out of journal records. Used by one thread.</summary>
/// <remarks>
/// A record stays where it is, for positions have no gaps. Of a request the other customers' events stay as they are, and
/// of the erased one's their places and uuids, so that the books balance and a repetition is told; what was wrong with
/// refused events beside them goes, for it may quote them. A record about nobody else becomes one that says only when it
/// was received.
/// </remarks>
internal sealed class RecordErasure
{
    private readonly Dictionary<(string EnvironmentId, string CustomerId), List<ErasureBound>> _bounds = [];
    private readonly List<byte[]> _ids = [];
    private readonly ExperienceRequest _request = new();
    private readonly ExperienceRequest _rest = new();
    private readonly GoalRequest _goals = new();

    /// <summary>Adds the customers of an erasure.</summary>
    public void Add(long position, ErasureRecord erasure)
    {
        foreach (var customer in erasure.Customers.Where(static one => one.Length > 0))
        {
            var key = (erasure.EnvironmentId, customer);
            if (!_bounds.TryGetValue(key, out var bounds))
            {
                _bounds.Add(key, bounds = []);
                _ids.Add(Encoding.UTF8.GetBytes(customer));
            }

            bounds.Add(new ErasureBound(position, erasure.Before ?? long.MaxValue));
        }
    }

    /// <summary>Whether bytes that nobody can read mention one of the customers.</summary>
    public bool Mentions(ReadOnlyMemory<byte> bytes) => _ids.Exists(id => bytes.Span.IndexOf(id) >= 0);

    /// <summary>Writes what takes a record's place; false when it stays as it is.</summary>
    public bool Rewrite(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
    {
        try
        {
            return RecordKinds.Of(record) switch
            {
                RecordKind.ExperienceEvents => RewriteRequest(position, record, replacement),
                RecordKind.GoalEvents => RewriteGoals(position, record, replacement),
                RecordKind.CustomerProfile or RecordKind.CustomerRemoval => RewriteProfile(position, record, replacement),
                RecordKind.Erasure => RewriteErasure(position, record, replacement),
                _ => false,
            };
        }
        catch (InvalidDataException)
        {
            return false; // Of a kind or version that is not known, or not as it was written: in quarantine.
        }
    }

    private bool RewriteRequest(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
    {
        ExperienceRequestCodec.Read(record, _request);
        var environment = Encoding.UTF8.GetString(_request.Environment.Of(record));
        var erased = new HashSet<int>();
        foreach (var element in _request.Elements)
        {
            if (IsErased(environment, element.CustomerId.Of(record), position, _request.ReceivedAt))
            {
                erased.Add(element.Index);
            }
        }

        if (erased.Count == 0)
        {
            return false;
        }

        _rest.Clear();
        (_rest.ReceivedAt, _rest.Refusal, _rest.ReceivedEvents) = (_request.ReceivedAt, _request.Refusal, _request.ReceivedEvents);
        _rest.Contexts.AddRange(_request.Contexts);
        _rest.Erased.AddRange(_request.Erased);
        foreach (var element in _request.Elements)
        {
            var events = _request.Events.Skip(element.FirstEvent).Take(element.EventCount);
            if (erased.Contains(element.Index))
            {
                _rest.Erased.AddRange(events.Select(one => new ErasedEvent(element.Index, one.Index, one.Uuid)));
            }
            else
            {
                _rest.Elements.Add(element with { FirstEvent = _rest.Events.Count });
                _rest.Events.AddRange(events);
            }
        }

        _rest.Rejections.AddRange(_request.Rejections.Select(one => erased.Contains(one.Element) ? Unexplained(one) : one));
        ExperienceRequestCodec.Write(_rest, record, _request.Environment.Of(record), replacement);
        return true;
    }

    private bool RewriteGoals(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
    {
        GoalRequestCodec.Read(record, _goals);
        var environment = Encoding.UTF8.GetString(_goals.Environment.Of(record));
        if (!IsErased(environment, _goals.CustomerId.Of(record), position, _goals.ReceivedAt))
        {
            return false;
        }

        _goals.Erased.AddRange(_goals.Actions.Select(static one => new ErasedEvent(GoalRequest.NoElement, one.Index, one.Uuid)));
        _goals.Actions.Clear();
        _goals.Names.Clear();
        _goals.CustomerId = default;
        for (var index = 0; index < _goals.Rejections.Count; index++)
        {
            _goals.Rejections[index] = Unexplained(_goals.Rejections[index]);
        }

        GoalRequestCodec.Write(_goals, record, _goals.Environment.Of(record), replacement);
        return true;
    }

    private bool RewriteProfile(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
    {
        var change = CustomerRecordCodec.Read(record);
        if (!IsErased(Encoding.UTF8.GetString(change.Environment), change.CustomerId, position, change.ReceivedAt))
        {
            return false;
        }

        ErasureRecordCodec.WriteErased(change.ReceivedAt, change.Environment, replacement);
        return true;
    }

    /// <summary>A request to erase names the customer too. It comes after all that it erases, so it forgets last.</summary>
    private bool RewriteErasure(long position, ReadOnlySpan<byte> record, ByteWriter replacement)
    {
        var erasure = ErasureRecordCodec.Read(record);
        var customers = erasure.Customers
            .Select(one => one.Length > 0 && _bounds.TryGetValue((erasure.EnvironmentId, one), out var bounds) && bounds.Exists(bound => position <= bound.Position) ? "" : one)
            .ToList();
        if (customers.SequenceEqual(erasure.Customers, StringComparer.Ordinal))
        {
            return false;
        }

        ErasureRecordCodec.Write(erasure with { Customers = customers }, replacement);
        return true;
    }

    private bool IsErased(string environmentId, ReadOnlySpan<byte> customerId, long position, long receivedAt) =>
        _bounds.TryGetValue((environmentId, Encoding.UTF8.GetString(customerId)), out var bounds)
        && bounds.Exists(bound => position < bound.Position && receivedAt < bound.Before);

    private static EventRejection Unexplained(EventRejection rejection) => rejection with { Field = default, Explanation = default };

    /// <summary>What an erasure reaches: what stands before a record and was received before a moment.</summary>
    private readonly record struct ErasureBound(long Position, long Before);
}
