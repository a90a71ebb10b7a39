using System.Globalization;
using System.Text;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Vitrine.Cluster;

/// <summary>What takes the place of messages of the journal out of which customers were erased.</summary>
/// <remarks>
/// A stream cannot change a message, only delete it, and then its sequence is missing. What takes its place is a message of
/// another stream, whose subject names that sequence; whoever reads the journal and finds sequences missing looks there. It is
/// written before the message is deleted, so whoever comes in between finds the one or the other. JetStream overwrites what
/// is deleted so.
/// </remarks>
internal sealed class RewrittenMessages(ClusterConnection cluster)
{
    private Known _known = new(0, []);

    /// <summary>Where it says from where on the journal is kept: in the place of a sequence that there is none of.</summary>
    private string Mark => cluster.RewrittenSubject(0);

    /// <summary>The sequences from one on and before another that have something in their place.</summary>
    public async Task<IReadOnlyList<ulong>> BetweenAsync(ulong from, ulong before, CancellationToken cancellation)
    {
        if (from >= before)
        {
            return [];
        }

        var sequences = await RefreshAsync(cancellation);
        return [.. sequences.GetViewBetween(from, before - 1)];
    }

    /// <summary>The message in the place of a sequence; null when there is none.</summary>
    public async Task<byte[]?> ReadAsync(ulong sequence, CancellationToken cancellation) =>
        (await cluster.GetLastMessageAsync(cluster.RewrittenStream, cluster.RewrittenSubject(sequence), cancellation))?.Data;

    /// <summary>Puts a message in the place of a sequence, and deletes what was there. Of two that do so at the same time one fails.</summary>
    public async Task WriteAsync(ulong sequence, byte[] message, CancellationToken cancellation)
    {
        var subject = cluster.RewrittenSubject(sequence);
        var before = await cluster.GetLastMessageAsync(cluster.RewrittenStream, subject, cancellation);
        (await cluster.JetStream.PublishAsync(subject, message, opts: new NatsJSPubOpts { ExpectedLastSubjectSequence = before?.Sequence ?? 0 }, cancellationToken: cancellation)).EnsureSuccess();
        await DeleteAsync(cluster.JournalStream, sequence, cluster.JournalSubject(">"), cancellation);
        await DeleteEarlierAsync(subject, cancellation);
    }

    /// <summary>Deletes what was left when somebody was interrupted in writing: all of each place but the last.</summary>
    public async Task CleanAsync(CancellationToken cancellation)
    {
        foreach (var (subject, count) in await SubjectsAsync(cancellation))
        {
            if (count > 1)
            {
                await DeleteEarlierAsync(subject, cancellation);
            }
        }
    }

    /// <summary>The first position that is kept: everything before it was trimmed, or is being trimmed. 1 when nothing ever was.</summary>
    public async Task<long> FindKeptAsync(CancellationToken cancellation) => (await FindMarkAsync(cancellation)).Kept;

    /// <summary>Says that everything before a position is being trimmed; before it is, so that whoever finds it missing knows why.</summary>
    public async Task MarkKeptAsync(long position, CancellationToken cancellation)
    {
        var (kept, mark) = await FindMarkAsync(cancellation);
        if (position > kept)
        {
            (await cluster.JetStream.PublishAsync(Mark, Encoding.ASCII.GetBytes(position.ToString(CultureInfo.InvariantCulture)), opts: new NatsJSPubOpts { ExpectedLastSubjectSequence = mark }, cancellationToken: cancellation)).EnsureSuccess();
            await DeleteEarlierAsync(Mark, cancellation);
        }
    }

    /// <summary>Lets go of what stands in the place of sequences before one.</summary>
    public async Task TrimAsync(ulong keep, CancellationToken cancellation)
    {
        foreach (var sequence in await BetweenAsync(1, keep, cancellation))
        {
            await cluster.JetStream.PurgeStreamAsync(cluster.RewrittenStream, new StreamPurgeRequest { Filter = cluster.RewrittenSubject(sequence) }, cancellation);
        }
    }

    private async Task<(long Kept, ulong Mark)> FindMarkAsync(CancellationToken cancellation) =>
        await cluster.GetLastMessageAsync(cluster.RewrittenStream, Mark, cancellation) is { } mark
            ? (long.Parse(Encoding.ASCII.GetString(mark.Data), CultureInfo.InvariantCulture), mark.Sequence)
            : (1, 0);

    private async Task DeleteEarlierAsync(string subject, CancellationToken cancellation)
    {
        var last = (await cluster.GetLastMessageAsync(cluster.RewrittenStream, subject, cancellation))?.Sequence;
        for (var from = 1UL; await cluster.GetMessageAsync(cluster.RewrittenStream, from, subject, cancellation) is { } earlier && earlier.Sequence < last; from = earlier.Sequence + 1)
        {
            await DeleteAsync(cluster.RewrittenStream, earlier.Sequence, subject, cancellation);
        }
    }

    /// <summary>Deletes a message, whose bytes JetStream overwrites, if it is there.</summary>
    private async Task DeleteAsync(string stream, ulong sequence, string subjects, CancellationToken cancellation)
    {
        if (await cluster.GetMessageAsync(stream, sequence, subjects, cancellation) is { } found && found.Sequence == sequence)
        {
            await cluster.JetStream.DeleteMessageAsync(stream, new StreamMsgDeleteRequest { Seq = sequence, NoErase = false }, cancellation);
        }
    }

    private async Task<IDictionary<string, long>> SubjectsAsync(CancellationToken cancellation) =>
        (await cluster.JetStream.GetStreamAsync(cluster.RewrittenStream, new StreamInfoRequest { SubjectsFilter = ">" }, cancellation)).Info.State.Subjects ?? new Dictionary<string, long>();

    /// <summary>Asks which sequences there are, where anything was written since the last time.</summary>
    private async Task<SortedSet<ulong>> RefreshAsync(CancellationToken cancellation)
    {
        var known = Volatile.Read(ref _known);
        var last = (await cluster.JetStream.GetStreamAsync(cluster.RewrittenStream, cancellationToken: cancellation)).Info.State.LastSeq;
        if (last != known.Last)
        {
            known = new Known(last, [.. (await SubjectsAsync(cancellation)).Keys.Select(static subject => ulong.Parse(subject.AsSpan(subject.LastIndexOf('.') + 1), CultureInfo.InvariantCulture))]);
            Volatile.Write(ref _known, known);
        }

        return known.Sequences;
    }

    /// <summary>What was there at some time.</summary>
    /// <param name="Last">The last message of the stream.</param>
    /// <param name="Sequences">Never changed.</param>
    private sealed record Known(ulong Last, SortedSet<ulong> Sequences);
}
