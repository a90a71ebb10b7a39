namespace Vitrine.Reports.Pages;

/// <summary>Cells, each with the group and the bucket that it belongs to, and their sums.</summary>
internal sealed class PlacedCells
{
    /// <summary>Cells in one report beyond which reading the events is not much dearer, and takes less memory.</summary>
    private const int Maximum = 4_000_000;

    private readonly List<ulong> _places = [];
    private readonly List<(Page Page, int Cell)> _cells = [];
    private int _lastCustomer;

    /// <summary>Adds a cell. Groups and buckets are numbered from 0.</summary>
    /// <exception cref="WithoutPagesException">There are too many.</exception>
    public void Add(int group, int bucket, Page page, int cell)
    {
        if (_places.Count == Maximum)
        {
            throw new WithoutPagesException();
        }

        _places.Add(((ulong)group << 32) | (uint)bucket);
        _cells.Add((page, cell));
        _lastCustomer = Math.Max(_lastCustomer, page.LastCustomer);
    }

    /// <summary>
    /// Sums bucket by bucket and group by group; every event is read once, and a group's customers are those of its
    /// buckets united.
    /// </summary>
    /// <param name="bucketDone">Told the figures of each bucket of each group; null when nobody asked for buckets.</param>
    /// <param name="groupDone">Told the figures of each group.</param>
    /// <param name="stop">Ends the work.</param>
    /// <returns>The figures of the whole.</returns>
    public Figures Sum(Action<int, int, Figures>? bucketDone, Action<int, Figures> groupDone, CancellationToken stop)
    {
        var places = _places.ToArray();
        var cells = _cells.ToArray();
        Array.Sort(places, cells);
        var (inBucket, inGroup, all) = (new Tally(_lastCustomer), new Tally(_lastCustomer), new Tally(_lastCustomer));
        for (var index = 0; index < cells.Length; index++)
        {
            stop.ThrowIfCancellationRequested();
            inBucket.Add(cells[index].Page, cells[index].Cell);
            var place = places[index];
            var next = index + 1 < places.Length ? places[index + 1] : ulong.MaxValue;
            if (next == place)
            {
                continue;
            }

            bucketDone?.Invoke((int)(place >> 32), (int)place, inBucket.Figures);
            inGroup.Add(inBucket);
            inBucket.Clear();
            if (next >> 32 != place >> 32)
            {
                groupDone((int)(place >> 32), inGroup.Figures);
                all.Add(inGroup);
                inGroup.Clear();
            }
        }

        return all.Figures;
    }
}
