using NATS.Client.JetStream;
using Vitrine.Journal;

namespace Vitrine.Cluster;

/// <remarks>Rewriting is done by one node at a time, and may be interrupted anywhere and done again: see <see cref="RewrittenMessages"/>.</remarks>
internal sealed partial class StreamJournal
{
    /// <inheritdoc/>
    public Task<int> RewriteAsync(long last, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo, CancellationToken cancellation) =>
        Task.Factory.StartNew(
            () => RewriteAll(last, rewrite, mustGo, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    /// <remarks>JetStream overwrites messages as it deletes them. Groups that cursors have fetched already are forgotten.</remarks>
    public async Task OverwriteRemainsAsync(CancellationToken cancellation)
    {
        await _rewritten.CleanAsync(cancellation);
        await CloseCursorsAsync();
    }

    private int RewriteAll(long last, RecordRewriting rewrite, Func<ReadOnlyMemory<byte>, bool> mustGo, CancellationToken cancellation)
    {
        var changed = 0;
        for (var position = FirstPosition - 1; position < last && ReadAfter(position) is { } group; position = group.LastPosition)
        {
            cancellation.ThrowIfCancellationRequested();
            if (GroupRewriting.Of(group, rewrite, mustGo) is null)
            {
                continue;
            }

            // As it is now: what was read ahead may have been rewritten by another node since.
            var present = Look(group.FirstPosition - 1);
            if (present?.FirstPosition == group.FirstPosition && GroupRewriting.Of(present, rewrite, mustGo) is { } payload)
            {
                changed++;
                var message = StreamMessage.Write(present with { Payload = payload }, _cluster.MaximumMessage - MaximumHeaders)
                    ?? throw new IOException($"What takes the place of the record {group.FirstPosition} is larger than NATS takes ({_cluster.MaximumMessage} bytes).");
                ReplaceAsync(_cluster.Positions.SequenceOf(group.FirstPosition), message, cancellation).GetAwaiter().GetResult(); // On a thread of its own.
            }
        }

        return changed;
    }

    private async Task ReplaceAsync(ulong sequence, byte[] message, CancellationToken cancellation)
    {
        if (sequence == (await FindStateAsync(cancellation)).LastSeq)
        {
            // The newest message stays, so that the stream's end is a message and no gap.
            (await _cluster.JetStream.PublishAsync(_cluster.JournalSubject(NobodysSubject), StreamMessage.Write([], _cluster.MaximumMessage)!, cancellationToken: cancellation)).EnsureSuccess();
        }

        await _rewritten.WriteAsync(sequence, message, cancellation);
    }
}
