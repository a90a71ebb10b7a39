namespace Vitrine.Journal;

/// <summary>
/// The newest groups in memory, so that a reader that keeps up never touches the disk. Bounded by bytes and by count;
/// the oldest leave first. Not synchronised: its owner holds a lock.
/// </summary>
internal sealed class JournalTail(long maximumBytes)
{
    private const int MaximumGroups = 4096;

    private readonly JournalGroup[] _ring = new JournalGroup[MaximumGroups];
    private int _oldest;
    private int _count;
    private long _bytes;

    /// <summary>Adds the newest group.</summary>
    public void Add(JournalGroup group)
    {
        while (_count > 0 && (_count == MaximumGroups || _bytes + group.Payload.Length > maximumBytes))
        {
            _bytes -= _ring[_oldest].Payload.Length;
            _ring[_oldest] = null!;
            _oldest = (_oldest + 1) % MaximumGroups;
            _count--;
        }

        _ring[(_oldest + _count++) % MaximumGroups] = group;
        _bytes += group.Payload.Length;
    }

    /// <summary>Forgets all of them: they are to be read where they lie.</summary>
    public void Clear()
    {
        Array.Clear(_ring);
        (_oldest, _count, _bytes) = (0, 0, 0);
    }

    /// <summary>The group that holds the record after <paramref name="position"/>; null when it is not in memory.</summary>
    public JournalGroup? After(long position)
    {
        if (_count == 0 || At(0).FirstPosition > position + 1)
        {
            return null;
        }

        int low = 0, high = _count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).LastPosition > position)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < _count ? At(low) : null;
    }

    private JournalGroup At(int index) => _ring[(_oldest + index) % MaximumGroups];
}
