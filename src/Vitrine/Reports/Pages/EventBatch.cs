namespace Vitrine.Reports.Pages;

/// <summary>Gathers events in any order and makes pages of them.</summary>
/// <remarks>
/// Events are sorted by customer and then, stably, by cell, each time by counting: some ten nanoseconds an event,
/// where comparing them would take several times as long. Takes 16 bytes an event. Belongs to one thread.
/// </remarks>
internal sealed class EventBatch
{
    /// <summary>Events after which a batch should be emptied: 64 MiB.</summary>
    public const int FullAt = 4 << 20;

    private const int DigitBits = 12;

    private readonly CellNumbers _numbers = new();
    private readonly PageWriter _writer = new();
    private int[] _customers = new int[4096];
    private int[] _cells = new int[4096];
    private int[] _spareCustomers = [];
    private int[] _spareCells = [];
    private int _allCustomers;

    /// <summary>How many events are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Whether it should be emptied.</summary>
    public bool IsFull => Count >= FullAt;

    /// <summary>Adds an event.</summary>
    public void Add(int piece, CellKey key, int customer)
    {
        if (Count == _customers.Length)
        {
            Array.Resize(ref _customers, Count * 2);
            Array.Resize(ref _cells, Count * 2);
        }

        _customers[Count] = customer;
        _cells[Count++] = _numbers.NumberOf(piece, key);
        _allCustomers |= customer;
    }

    /// <summary>Makes a page for each piece of time in which there are events, in their order, and is empty then.</summary>
    public List<(int Piece, Page Page)> Take()
    {
        if (_spareCustomers.Length < Count)
        {
            (_spareCustomers, _spareCells) = (new int[_customers.Length], new int[_customers.Length]);
        }

        for (var shift = 0; shift < 32 && _allCustomers >> shift > 0; shift += DigitBits)
        {
            SortByCustomer(shift);
        }

        var order = _numbers.Order(out var places);
        var ends = SortByCell(places);
        var pages = Write(order, ends);
        _numbers.Clear();
        (Count, _allCustomers) = (0, 0);
        return pages;
    }

    private void SortByCustomer(int shift)
    {
        Span<int> next = stackalloc int[1 << DigitBits];
        next.Clear();
        const int mask = (1 << DigitBits) - 1;
        foreach (var customer in _customers.AsSpan(0, Count))
        {
            next[(customer >> shift) & mask]++;
        }

        StartsOf(next);
        for (var index = 0; index < Count; index++)
        {
            var to = next[(_customers[index] >> shift) & mask]++;
            _spareCustomers[to] = _customers[index];
            _spareCells[to] = _cells[index];
        }

        (_customers, _spareCustomers) = (_spareCustomers, _customers);
        (_cells, _spareCells) = (_spareCells, _cells);
    }

    /// <summary>Leaves the customers, cell by cell in the order of their places, in the spare array; answers where each cell ends.</summary>
    private int[] SortByCell(int[] places)
    {
        var next = new int[places.Length];
        foreach (var cell in _cells.AsSpan(0, Count))
        {
            next[places[cell]]++;
        }

        StartsOf(next);
        for (var index = 0; index < Count; index++)
        {
            _spareCustomers[next[places[_cells[index]]]++] = _customers[index];
        }

        return next;
    }

    private List<(int Piece, Page Page)> Write(List<(int Piece, CellKey Key)> order, int[] ends)
    {
        var pages = new List<(int Piece, Page Page)>();
        for (var cell = 0; cell < order.Count; cell++)
        {
            var customers = _spareCustomers.AsSpan((cell == 0 ? 0 : ends[cell - 1])..ends[cell]);
            _writer.Add(order[cell].Key, customers.Length, customers[..LeaveEachOnce(customers)]);
            if (cell + 1 == order.Count || order[cell + 1].Piece != order[cell].Piece)
            {
                pages.Add((order[cell].Piece, _writer.Take()));
            }
        }

        return pages;
    }

    private static int LeaveEachOnce(Span<int> ascending)
    {
        var count = 0;
        foreach (var customer in ascending)
        {
            if (count == 0 || ascending[count - 1] != customer)
            {
                ascending[count++] = customer;
            }
        }

        return count;
    }

    private static void StartsOf(Span<int> counts)
    {
        var start = 0;
        foreach (ref var count in counts)
        {
            (count, start) = (start, start + count);
        }
    }
}
