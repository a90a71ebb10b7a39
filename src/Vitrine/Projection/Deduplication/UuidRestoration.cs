namespace Vitrine.Projection.Deduplication;

/// <summary>Takes over what was counted in an earlier life of the process, the oldest first.</summary>
/// <remarks>
/// Each UUID of a set is a cache miss, and each page of its memory a fault; a run is made almost in sequence. So they are
/// piled up, and each pile goes to the disk as a whole. What is too little for a file goes into the set. Used by the
/// projector's thread alone.
/// </remarks>
/// <param name="counted">What takes the UUIDs.</param>
/// <param name="hash">Spreads them.</param>
/// <param name="limit">How many may be piled up, over all environments.</param>
internal sealed class UuidRestoration(CountedUuids counted, UuidHash hash, long limit) : IDisposable
{
    private readonly Dictionary<int, UuidPile> _piles = [];
    private long _piled;
    private UuidPile? _roomy;

    /// <summary>Bytes of memory of the piles: at most 24 for each UUID of the limit.</summary>
    public long Bytes => _piles.Values.Sum(static pile => pile.Bytes);

    /// <summary>Adds UUIDs of an environment, none of which was added before.</summary>
    public void Add(int environment, ReadOnlySpan<UInt128> uuids)
    {
        if (!_piles.TryGetValue(environment, out var pile))
        {
            pile = new UuidPile(hash);
            _piles.Add(environment, pile);
        }

        TrimRoomyUnless(pile);
        pile.AddAll(uuids);
        _piled += uuids.Length;
        while (_piled >= limit)
        {
            var (largest, uuidsOfIt) = _piles.MaxBy(static one => one.Value.Count);
            _piled -= uuidsOfIt.Count;
            counted.Take(largest, uuidsOfIt);
            uuidsOfIt.Clear();
            TrimRoomyUnless(uuidsOfIt);
            _roomy = uuidsOfIt;
        }
    }

    /// <summary>Hands over what is left.</summary>
    public void End()
    {
        foreach (var (environment, pile) in _piles)
        {
            counted.Take(environment, pile);
            pile.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pile in _piles.Values)
        {
            pile.Dispose();
        }
    }

    /// <summary>
    /// A pile that was handed over keeps its room as long as its environment goes on, for fresh memory costs more than all the
    /// rest. But environments may follow one another, and then each would keep its own.
    /// </summary>
    private void TrimRoomyUnless(UuidPile pile)
    {
        if (_roomy != pile)
        {
            _roomy?.Trim();
            _roomy = null;
        }
    }
}
