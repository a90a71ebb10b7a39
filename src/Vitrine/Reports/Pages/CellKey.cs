namespace Vitrine.Reports.Pages;

/// <summary>What the events of a cell have in common, in 64 bits that sort by context first.</summary>
/// <param name="Value">From the highest bit: 30 bits context, 30 click target (0: none), 3 platform, 1 action.</param>
internal readonly record struct CellKey(ulong Value) : IComparable<CellKey>
{
    /// <summary>The first number, of contexts and of click targets, that a key cannot hold.</summary>
    public const int NumberLimit = 1 << 30;

    /// <summary>Puts a key together. Both numbers must be below <see cref="NumberLimit"/>.</summary>
    public CellKey(int context, int clickTarget, byte platform, byte action)
        : this(((ulong)context << 34) | ((ulong)clickTarget << 4) | ((ulong)platform << 1) | action)
    {
    }

    /// <summary>The number of the experience context.</summary>
    public int Context => (int)(Value >> 34);

    /// <summary>The number of the click target; 0 without one.</summary>
    public int ClickTarget => (int)(Value >> 4) & (NumberLimit - 1);

    /// <summary>The platform's number.</summary>
    public int Platform => (int)(Value >> 1) & 7;

    /// <summary>0 impression, 1 click.</summary>
    public int Action => (int)Value & 1;

    /// <inheritdoc/>
    public int CompareTo(CellKey other) => Value.CompareTo(other.Value);
}
