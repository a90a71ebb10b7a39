using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Reports.Pages;

/// <summary>Reads the events that the pages of some stretches of time do not have yet.</summary>
/// <remarks>
/// Stretches that nothing is known of are read neighbour by neighbour in one query, those that are a little behind in
/// another one: the former is found by time, the latter by position, and DuckDB passes over the blocks that hold
/// neither. Events come in any order and go through batches of a bounded size, each of which is laid on the stacks.
/// </remarks>
/// <param name="connection">In the transaction whose state the pages shall have.</param>
/// <param name="environment">The environment's number.</param>
/// <param name="pieces">The stretches of time, in their order.</param>
/// <param name="known">What is known of each; null when nothing is.</param>
/// <param name="budget">Bytes that all the pages together may take.</param>
/// <param name="stop">Ends the work.</param>
internal sealed class PageUpdate(
    DuckDBConnection connection, int environment, TimePiece[] pieces, PageStack?[] known, long budget, CancellationToken stop)
{
    private readonly EventBatch _batch = new();
    private readonly PageStack[] _stacks = [.. pieces.Select((piece, index) => known[index] ?? PageStack.Empty(piece))];
    private readonly bool[] _missing = Array.ConvertAll(known, static stack => stack is null);
    private long _bytes = known.Sum(static stack => stack?.Bytes ?? 0);
    private long _events;
    private long _newBytes;
    private int _piece;

    /// <summary>Bytes of pages that an event took which was read; 0 when too few were to say.</summary>
    public double BytesPerEvent => _events < 100_000 ? 0 : (double)_newBytes / _events;

    /// <summary>Reads stretches that nothing is known of, some neighbours at a time.</summary>
    /// <param name="position">Where the transaction's state ends.</param>
    /// <param name="piecesAtOnce">How many neighbours are read in one query.</param>
    /// <param name="allowance">Events after which it is enough for now.</param>
    /// <param name="keep">Given what is complete after each query, so that it is not lost when the next one is stopped.</param>
    /// <exception cref="WithoutPagesException">The pages would be larger than they may, or it is enough for now.</exception>
    public void ReadMissing(long position, int piecesAtOnce, long allowance, Action<IEnumerable<PageStack>> keep)
    {
        for (var first = 0; first < pieces.Length; first++)
        {
            if (!_missing[first])
            {
                continue;
            }

            if (_events >= allowance)
            {
                throw new WithoutPagesException();
            }

            var next = first + 1;
            while (next < pieces.Length && next < first + piecesAtOnce && _missing[next])
            {
                next++;
            }

            Read(first, next - 1, 0, missing: true);
            for (var read = first; read < next; read++)
            {
                _stacks[read] = _stacks[read] with { Position = position };
            }

            keep(_stacks[first..next]);
            first = next - 1;
        }
    }

    /// <summary>Reads what came since for the stretches that something is known of.</summary>
    /// <param name="position">Where the transaction's state ends.</param>
    /// <exception cref="WithoutPagesException">The pages would be larger than they may.</exception>
    public void ReadNewcomers(long position)
    {
        bool IsBehind(PageStack? stack) => stack is not null && stack.Position < position;
        if (Array.FindIndex(known, IsBehind) is var first and >= 0)
        {
            var after = known.Where(IsBehind).Min(static stack => stack!.Position);
            Read(first, Array.FindLastIndex(known, IsBehind), after, missing: false);
        }
    }

    /// <summary>The stacks, all of them said to reach up to a position.</summary>
    public PageStack[] At(long position) =>
        Array.ConvertAll(_stacks, stack => stack.Position == position ? stack : stack with { Position = position });

    private void Read(int first, int last, long after, bool missing)
    {
        var sql = ReportSql.Read("PageRows")
            .Replace("{environment}", environment.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{from}", pieces[first].Start.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{to}", pieces[last].End.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{after}", after.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var rows = new ChunkReader(connection, sql);
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            Add(rows, missing);
            if (_batch.IsFull)
            {
                LayOn();
            }
        }

        LayOn();
    }

    private void Add(ChunkReader rows, bool missing)
    {
        var contexts = rows.Column<int>(0);
        var customers = rows.Column<int>(1);
        var actions = rows.Column<byte>(2);
        var platforms = rows.Column<byte>(3);
        var clickTargets = rows.Column<int>(4);
        var times = rows.Column<long>(5);
        var positions = rows.Column<long>(6);
        for (var row = 0; row < contexts.Length; row++)
        {
            var piece = PieceOf(times[row]);
            if (_missing[piece] == missing && positions[row] > _stacks[piece].Position)
            {
                if ((contexts[row] | clickTargets[row]) >= CellKey.NumberLimit)
                {
                    throw new WithoutPagesException();
                }

                _batch.Add(piece, new CellKey(contexts[row], clickTargets[row], platforms[row], actions[row]), customers[row]);
            }
        }
    }

    /// <summary>The piece that a moment lies in. Most events lie in the same one as the one before them.</summary>
    private int PieceOf(long time)
    {
        if (time >= pieces[_piece].Start && time < pieces[_piece].End)
        {
            return _piece;
        }

        var (low, high) = (0, pieces.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            (low, high) = pieces[middle].Start <= time ? (middle, high) : (low, middle - 1);
        }

        return _piece = low;
    }

    private void LayOn()
    {
        _events += _batch.Count;
        foreach (var (piece, page) in _batch.Take())
        {
            stop.ThrowIfCancellationRequested();
            var before = _stacks[piece].Bytes;
            _stacks[piece] = _stacks[piece].With(page);
            _newBytes += _stacks[piece].Bytes - before;
        }

        if (_bytes + _newBytes > budget)
        {
            throw new WithoutPagesException();
        }
    }
}
