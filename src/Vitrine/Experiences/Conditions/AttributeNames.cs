using System.IO.Hashing;
using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>
/// The names of attributes that conditions of one environment ask about, each with a slot: a small number from 0 that
/// never changes. Only what has a slot is kept of a profile or a request.
/// </summary>
/// <remarks>
/// <para>
/// Any number of threads may look names up while one adds; those that add take turns under a lock. A look-up takes no
/// lock and allocates nothing: it walks an open-addressed table of references to entries, by the XXH3 hash of the name,
/// until it meets the name or an empty place.
/// </para>
/// <para>
/// It is right beside a writer for three reasons. An entry is immutable and is published by one release write, so a
/// reader that sees it sees all of it. Places only ever go from empty to taken, so a walk meets every entry that was
/// there when it began; one that is being added may be met or missed, as if the look-up had come a moment earlier. And
/// a table that becomes half full is copied, never rearranged: a reader keeps walking the old one, to which nothing is
/// added any more.
/// </para>
/// </remarks>
public sealed class AttributeNames
{
    private const int SmallestTable = 16;

    private readonly Lock _adding = new();
    private Entry?[] _table = new Entry?[SmallestTable];
    private Entry[] _slots = new Entry[SmallestTable];
    private int _count;

    /// <summary>How many names have a slot; slots are 0 to this, exclusive. It only grows.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The slot of a name, which gets one when it has none.</summary>
    public int SlotOf(string name)
    {
        var utf8 = Encoding.UTF8.GetBytes(name);
        lock (_adding)
        {
            var slot = Find(utf8);
            return slot >= 0 ? slot : Add(new Entry(name, utf8, XxHash3.HashToUInt64(utf8), _count));
        }
    }

    /// <summary>The slot of a name in UTF-8; −1 when it has none. Allocates nothing and never waits.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        var hash = XxHash3.HashToUInt64(utf8);
        var table = Volatile.Read(ref _table);
        var place = (int)hash & (table.Length - 1);
        while (Volatile.Read(ref table[place]) is { } entry)
        {
            if (entry.Hash == hash && utf8.SequenceEqual(entry.Utf8))
            {
                return entry.Slot;
            }

            place = (place + 1) & (table.Length - 1);
        }

        return -1;
    }

    /// <summary>The name that has a slot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slot.</exception>
    public string NameOf(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Count);
        return Volatile.Read(ref _slots)[slot].Name;
    }

    private int Add(Entry entry)
    {
        if (_slots.Length == _count)
        {
            var slots = new Entry[_count * 2];
            _slots.CopyTo(slots, 0);
            Volatile.Write(ref _slots, slots);
        }

        _slots[_count] = entry;
        if ((_count + 1) * 2 > _table.Length)
        {
            var table = new Entry?[_table.Length * 2];
            foreach (var other in _slots.AsSpan(0, _count))
            {
                Place(table, other);
            }

            Volatile.Write(ref _table, table);
        }

        // The count before the name: whoever finds the name can ask for what its slot is called.
        Volatile.Write(ref _count, _count + 1);
        Place(_table, entry);
        return entry.Slot;
    }

    private static void Place(Entry?[] table, Entry entry)
    {
        var place = (int)entry.Hash & (table.Length - 1);
        while (table[place] is not null)
        {
            place = (place + 1) & (table.Length - 1);
        }

        Volatile.Write(ref table[place], entry);
    }

    private sealed record Entry(string Name, byte[] Utf8, ulong Hash, int Slot);
}
