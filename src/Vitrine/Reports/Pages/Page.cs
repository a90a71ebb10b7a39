using System.Runtime.InteropServices;

namespace Vitrine.Reports.Pages;

/// <summary>What happened in a stretch of time, cell by cell: how many events, and which customers. Immutable.</summary>
internal sealed class Page
{
    private readonly Cell[] _cells;
    private readonly byte[] _code;

    /// <summary>Takes cells in the order of their keys, and the code that they point into, one behind the other.</summary>
    public Page(Cell[] cells, byte[] code, int lastCustomer)
    {
        (_cells, _code, LastCustomer) = (cells, code, lastCustomer);
        Events = cells.Sum(static cell => cell.Events);
    }

    /// <summary>The cells, in the order of their keys.</summary>
    public ReadOnlySpan<Cell> Cells => _cells;

    /// <summary>How many events are in it.</summary>
    public long Events { get; }

    /// <summary>The largest customer number in it.</summary>
    public int LastCustomer { get; }

    /// <summary>Bytes of memory that it takes.</summary>
    public long Bytes => 120 + ((long)_cells.Length * Marshal.SizeOf<Cell>()) + _code.Length;

    /// <summary>The customers of a cell, as <see cref="CustomerCode"/> writes them.</summary>
    public ReadOnlySpan<byte> Customers(int cell) =>
        _code.AsSpan(_cells[cell].Offset..(cell + 1 < _cells.Length ? _cells[cell + 1].Offset : _code.Length));

    /// <summary>The first cell from <paramref name="start"/> on whose context is not smaller than the one given.</summary>
    public int Find(int context, int start)
    {
        var end = _cells.Length;
        while (start < end)
        {
            var middle = (start + end) >>> 1;
            if (_cells[middle].Key.Context < context)
            {
                start = middle + 1;
            }
            else
            {
                end = middle;
            }
        }

        return start;
    }
}

/// <summary>The events of a page that have everything in common but customer and time.</summary>
/// <param name="Key">What they have in common.</param>
/// <param name="Events">How many there are.</param>
/// <param name="Offset">Where the code of their customers begins.</param>
/// <param name="Width">Its width.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Cell(CellKey Key, long Events, int Offset, byte Width);
