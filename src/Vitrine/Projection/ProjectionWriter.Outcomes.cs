using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>What does not count is noted too: events that were counted before, events that were refused, records that cannot be read.</remarks>
internal sealed partial class ProjectionWriter
{
    private const int MaximumDamages = 20;

    private readonly List<string> _damages = [];

    /// <summary>What could not be read in the batch that was committed last, in words for an operator.</summary>
    public IReadOnlyList<string> Damages => _damages;

    private void Duplicate(long position, int environment, int element, int action, UInt128 uuid)
    {
        var rows = _tables.Duplicates;
        rows.Set(0, environment);
        rows.SetUuid(1, uuid);
        rows.Set(2, _receivedAt);
        rows.Set(3, position);
        rows.Set(4, element);
        rows.Set(5, action);
        rows.EndRow();
        _metrics.Duplicate();
    }

    private void Reject(long position, int environment, in EventRejection rejection)
    {
        var rows = _tables.Rejections;
        rows.Set(0, environment);
        rows.SetUuid(1, rejection.Uuid);

        rows.Set(2, _receivedAt);
        rows.Set(3, position);
        rows.Set(4, rejection.Element);
        rows.Set(5, rejection.Action);
        rows.Set(6, (byte)rejection.Reason);
        rows.EndRow();
        _metrics.Rejected();
    }

    /// <summary>A record as its codec reads it; null when it cannot be read, which is noted.</summary>
    private T? ReadOrQuarantine<T>(long position, ReadOnlySpan<byte> record, Func<ReadOnlySpan<byte>, T> read)
        where T : class
    {
        try
        {
            return read(record);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return null;
        }
    }

    private void Quarantine(long first, long last, string reason)
    {
        _metrics.Quarantined(last - first + 1);
        if (_damages.Count < MaximumDamages)
        {
            _damages.Add($"{first}–{last}: {reason}");
        }

        _tables.Quarantine.Set(0, first);
        _tables.Quarantine.Set(1, last);
        _tables.Quarantine.SetText(2, System.Text.Encoding.UTF8.GetBytes(reason));
        _tables.Quarantine.EndRow();
        PendingEvents++;
    }
}
