using System.Text;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Privacy;

/// <summary>Looks for the customers of an environment whom erasures know by their hashes. Used by one thread at a time.</summary>
internal sealed class ErasureSearch
{
    private readonly string _environmentId;
    private readonly byte[] _utf8Id;
    private readonly ILookup<(string Key, string Hash), string> _wanted;
    private readonly List<string> _keys;
    private readonly Dictionary<string, HashSet<string>> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly ExperienceRequest _request = new();
    private readonly GoalRequest _goals = new();

    /// <summary>Starts with nobody found.</summary>
    public ErasureSearch(string environmentId, IReadOnlyList<Erasure> erasures)
    {
        (_environmentId, _utf8Id) = (environmentId, Encoding.UTF8.GetBytes(environmentId));
        _wanted = erasures.SelectMany(static one => one.Hashes.Select(hash => (one.Key, Hash: hash, one.Id))).ToLookup(static one => (one.Key, one.Hash), static one => one.Id);
        _keys = [.. erasures.Select(static one => one.Key).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The customers of an erasure that were found.</summary>
    public IReadOnlyCollection<string> FoundOf(string erasureId) => _found.GetValueOrDefault(erasureId) ?? [];

    /// <summary>Looks at a customer.</summary>
    public void LookAt(string customerId)
    {
        foreach (var id in _keys.SelectMany(key => _wanted[(key, Erasure.HashOf(key, _environmentId, customerId))]))
        {
            if (!_found.TryGetValue(id, out var customers))
            {
                _found.Add(id, customers = new(StringComparer.Ordinal));
            }

            customers.Add(customerId);
        }
    }

    /// <summary>Looks at all customers that the journal mentions.</summary>
    public void LookInto(IJournal journal, CancellationToken stop)
    {
        for (var position = journal.FirstPosition - 1; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            stop.ThrowIfCancellationRequested();
            var records = group.Records;
            while (records.MoveNextSound())
            {
                LookInto(records.Record);
            }
        }
    }

    private void LookInto(ReadOnlySpan<byte> record)
    {
        try
        {
            switch (RecordKinds.Of(record))
            {
                case RecordKind.ExperienceEvents:
                    ExperienceRequestCodec.Read(record, _request);
                    foreach (var element in _request.Environment.Of(record).SequenceEqual(_utf8Id) ? _request.Elements : [])
                    {
                        LookOnceAt(element.CustomerId.Of(record));
                    }

                    break;
                case RecordKind.GoalEvents:
                    GoalRequestCodec.Read(record, _goals);
                    if (_goals.Environment.Of(record).SequenceEqual(_utf8Id))
                    {
                        LookOnceAt(_goals.CustomerId.Of(record));
                    }

                    break;
                case RecordKind.CustomerProfile or RecordKind.CustomerRemoval:
                    var change = CustomerRecordCodec.Read(record);
                    if (change.Environment.SequenceEqual(_utf8Id))
                    {
                        LookOnceAt(change.CustomerId);
                    }

                    break;
                default:
                    break; // About no customer.
            }
        }
        catch (InvalidDataException)
        {
            // Of a kind or version that is not known, or not as it was written: in quarantine.
        }
    }

    private void LookOnceAt(ReadOnlySpan<byte> customerId)
    {
        var text = Encoding.UTF8.GetString(customerId);
        if (text.Length > 0 && _seen.Add(text))
        {
            LookAt(text);
        }
    }
}
