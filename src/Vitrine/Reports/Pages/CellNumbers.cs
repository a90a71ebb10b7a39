namespace Vitrine.Reports.Pages;

/// <summary>Gives the cells of a batch numbers from 0, in the order of their appearance.</summary>
/// <remarks>Open addressing: it is asked once for each event, and a dictionary would be half of the work.</remarks>
internal sealed class CellNumbers
{
    private readonly List<(int Piece, CellKey Key)> _cells = [];
    private Slot[] _slots = new Slot[1024];

    /// <summary>The number of a cell.</summary>
    public int NumberOf(int piece, CellKey key)
    {
        ref var slot = ref Find(piece, key);
        return slot.NumberPlusOne > 0 ? slot.NumberPlusOne - 1 : Add(piece, key, ref slot);
    }

    /// <summary>The cells in the order of pieces and keys.</summary>
    /// <param name="places">For each number, the place in that order.</param>
    public List<(int Piece, CellKey Key)> Order(out int[] places)
    {
        var numbers = new int[_cells.Count];
        for (var number = 0; number < numbers.Length; number++)
        {
            numbers[number] = number;
        }

        var cells = _cells.ToArray();
        Array.Sort(cells, numbers);
        places = new int[numbers.Length];
        for (var place = 0; place < numbers.Length; place++)
        {
            places[numbers[place]] = place;
        }

        return [.. cells];
    }

    /// <summary>Forgets all cells.</summary>
    public void Clear()
    {
        _cells.Clear();
        Array.Clear(_slots);
    }

    private int Add(int piece, CellKey key, ref Slot slot)
    {
        _cells.Add((piece, key));
        slot = new Slot(key, piece, _cells.Count);
        if (_cells.Count * 4 > _slots.Length)
        {
            Grow();
        }

        return _cells.Count - 1;
    }

    private ref Slot Find(int piece, CellKey key)
    {
        var slots = _slots;
        var index = (int)((key.Value ^ ((ulong)piece << 22)) * 0x9E37_79B9_7F4A_7C15 >> 33);
        while (true)
        {
            ref var slot = ref slots[index & (slots.Length - 1)];
            if ((slot.Key == key && slot.Piece == piece) || slot.NumberPlusOne == 0)
            {
                return ref slot;
            }

            index++;
        }
    }

    private void Grow()
    {
        _slots = new Slot[_slots.Length * 2];
        for (var number = 0; number < _cells.Count; number++)
        {
            var (piece, key) = _cells[number];
            Find(piece, key) = new Slot(key, piece, number + 1);
        }
    }

    private readonly record struct Slot(CellKey Key, int Piece, int NumberPlusOne);
}
