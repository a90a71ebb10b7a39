namespace Vitrine.Reports.Pages;

/// <summary>Writes pages cell by cell, in the order of the cells' keys.</summary>
internal sealed class PageWriter
{
    private readonly List<Cell> _cells = [];
    private byte[] _code = new byte[256];
    private int _length;
    private int _lastCustomer;

    /// <summary>Adds a cell.</summary>
    /// <param name="key">Larger than those before.</param>
    /// <param name="events">How many events there are.</param>
    /// <param name="customers">Whose they are: ascending, each once, at least one.</param>
    /// <exception cref="WithoutPagesException">The page would be larger than an array can be.</exception>
    public void Add(CellKey key, long events, ReadOnlySpan<int> customers)
    {
        var width = CustomerCode.Width(customers, out var length);
        CustomerCode.Write(customers, width, Append(key, events, length, width));
        _lastCustomer = Math.Max(_lastCustomer, customers[^1]);
    }

    /// <summary>Adds a cell of another page as it is.</summary>
    /// <exception cref="WithoutPagesException">The page would be larger than an array can be.</exception>
    public void Add(Page page, int index)
    {
        var cell = page.Cells[index];
        var code = page.Customers(index);
        code.CopyTo(Append(cell.Key, cell.Events, code.Length, cell.Width));
        _lastCustomer = Math.Max(_lastCustomer, page.LastCustomer);
    }

    /// <summary>The page; what comes next belongs to another one.</summary>
    public Page Take()
    {
        var page = new Page([.. _cells], _code.AsSpan(0, _length).ToArray(), _lastCustomer);
        _cells.Clear();
        (_length, _lastCustomer) = (0, 0);
        return page;
    }

    private Span<byte> Append(CellKey key, long events, long length, byte width)
    {
        if (_length + length > Array.MaxLength)
        {
            throw new WithoutPagesException();
        }

        var start = _length;
        _length += (int)length;
        if (_length > _code.Length)
        {
            Array.Resize(ref _code, (int)Math.Min(Math.Max(_length, _code.Length * 2L), Array.MaxLength));
        }

        _cells.Add(new Cell(key, events, start, width));
        return _code.AsSpan(start, (int)length);
    }
}
