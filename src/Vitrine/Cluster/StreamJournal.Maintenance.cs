using NATS.Client.JetStream.Models;

namespace Vitrine.Cluster;

/// <remarks>
/// What a stream does not tell of single messages is told from their average: their sizes. When they were written it tells
/// of each, so the first one that is young enough is found by halving.
/// </remarks>
internal sealed partial class StreamJournal
{
    /// <inheritdoc/>
    public async Task<long> FindExpiredAsync(CancellationToken cancellation)
    {
        await NoteTrimmedAsync(cancellation); // Another node may have led, and trimmed.
        var state = await FindStateAsync(cancellation);
        var expired = Math.Max(await FindOlderAsync(state, cancellation), BeyondSize(state));
        return _cluster.Positions.LastOf(Math.Min(expired, Math.Max(state.LastSeq, 1) - 1));
    }

    /// <inheritdoc/>
    public async Task<long> MeasureAsync(long after, long last, CancellationToken cancellation)
    {
        var state = await FindStateAsync(cancellation);
        var (from, to) = (Math.Max(_cluster.Positions.SequenceOf(after) + 1, state.FirstSeq), Math.Min(_cluster.Positions.SequenceOf(last), state.LastSeq));
        return from > to ? 0 : (long)((to - from + 1) * AverageBytes(state));
    }

    /// <inheritdoc/>
    public async Task<long> TrimAsync(long position)
    {
        var keep = _cluster.Positions.SequenceOf(position + 1);
        await NoteTrimmedAsync(_stopping.Token);
        if (_cluster.Positions.FirstOf(keep) > FirstPosition)
        {
            await _rewritten.MarkKeptAsync(_cluster.Positions.FirstOf(keep), _stopping.Token);
            await NoteTrimmedAsync(_stopping.Token);
            await _cluster.JetStream.PurgeStreamAsync(_cluster.JournalStream, new StreamPurgeRequest { Seq = keep }, _stopping.Token);
            await _rewritten.TrimAsync(keep, _stopping.Token);
        }

        return FirstPosition;
    }

    /// <summary>The last message that is older than the journal is kept; the one before the first where none is.</summary>
    private async Task<ulong> FindOlderAsync(StreamState state, CancellationToken cancellation)
    {
        var (low, high) = (state.FirstSeq, state.LastSeq + 1);
        if (_options.RetentionAge is not { } age)
        {
            return low - Math.Min(low, 1);
        }

        var youngest = _time.GetUtcNow() - age;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await _cluster.GetMessageAsync(_cluster.JournalStream, middle, _cluster.JournalSubject(">"), cancellation) is { } message && message.WrittenAt < youngest)
            {
                low = message.Sequence + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - Math.Min(low, 1);
    }

    private ulong BeyondSize(StreamState state)
    {
        var excess = _options.RetentionBytes is { } bytes ? state.Bytes - bytes : 0;
        return excess <= 0 ? 0 : state.FirstSeq + (ulong)(excess / AverageBytes(state));
    }

    private static double AverageBytes(StreamState state) => Math.Max(1.0, state.Bytes / Math.Max(1.0, state.Messages));
}
