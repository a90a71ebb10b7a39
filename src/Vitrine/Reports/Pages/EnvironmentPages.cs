namespace Vitrine.Reports.Pages;

/// <summary>The pages of one environment, the least recently used first. Its store guards all but the turn and the extent.</summary>
internal sealed class EnvironmentPages
{
    private readonly Dictionary<(long Start, long End), LinkedListNode<PageStack>> _places = [];
    private readonly LinkedList<PageStack> _byUse = [];

    /// <summary>Held by whoever brings pages up to date, so that two reports do not do the same work.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The times of its events, as far as they are known. Belongs to whoever has the turn.</summary>
    public EventExtent Extent { get; set; } = EventExtent.Unknown;

    /// <summary>The journal record that took events away last, as far as the pages know. Belongs to whoever has the turn.</summary>
    public long RemovedUpTo { get; set; }

    /// <summary>Bytes of pages that an event took lately, with a margin. Belongs to whoever has the turn.</summary>
    public double BytesPerEvent { get; set; } = 4;

    /// <summary>Bytes that all its pages take.</summary>
    public long Bytes { get; private set; }

    /// <summary>What is known of a stretch of time; null when nothing is.</summary>
    public PageStack? Find(TimePiece piece)
    {
        if (!_places.TryGetValue((piece.Start, piece.End), out var place))
        {
            return null;
        }

        _byUse.Remove(place);
        _byUse.AddLast(place);
        return place.Value;
    }

    /// <summary>Keeps what is known now of a stretch of time; answers by how many bytes that is more.</summary>
    public long Keep(PageStack stack)
    {
        var before = Bytes;
        if (_places.Remove((stack.Start, stack.End), out var place))
        {
            _byUse.Remove(place);
            Bytes -= place.Value.Bytes;
        }

        _places.Add((stack.Start, stack.End), _byUse.AddLast(stack));
        Bytes += stack.Bytes;
        return Bytes - before;
    }

    /// <summary>Drops all; answers how many bytes that were.</summary>
    public long Clear()
    {
        var bytes = Bytes;
        _places.Clear();
        _byUse.Clear();
        (Bytes, Extent) = (0, EventExtent.Unknown);
        return bytes;
    }

    /// <summary>Drops what was not used for longest; answers how many bytes that were.</summary>
    public long DropOldest()
    {
        var oldest = _byUse.First!.Value;
        _byUse.RemoveFirst();
        _places.Remove((oldest.Start, oldest.End));
        Bytes -= oldest.Bytes;
        return oldest.Bytes;
    }
}

/// <summary>The times of an environment's events.</summary>
/// <param name="Position">The last journal record that is considered.</param>
/// <param name="First">Unix seconds of the earliest event.</param>
/// <param name="End">One second behind the latest; not larger than the first when there is none.</param>
internal sealed record EventExtent(long Position, long First, long End)
{
    /// <summary>Before any record is considered.</summary>
    public static EventExtent Unknown { get; } = new(0, long.MaxValue, long.MinValue);

    private const long Day = 86400;

    /// <summary>
    /// A time before the first event that stays the same when an earlier one comes: a page of a whole day, whatever the
    /// zone, is found again, and one that ended with the last event would be made anew for each that is later.
    /// </summary>
    public long Start => First >= End ? First : ((First / Day) - 1) * Day;

    /// <summary>Likewise a time behind the last event.</summary>
    public long Stop => First >= End ? End : ((End / Day) + 2) * Day;
}
