using NATS.Client.JetStream.Models;

namespace Vitrine.Cluster;

/// <remarks>For a journal that is moved into the cluster, or out of it: its stream says so of itself.</remarks>
internal sealed partial class ClusterConnection
{
    /// <summary>What the journal's stream says of itself, which changes nothing; null when there is none.</summary>
    public async Task<StreamDescription?> FindDescriptionAsync(CancellationToken cancellation) =>
        await FindStreamAsync(JournalStream, cancellation) is { } journal ? StreamDescription.Read(journal.Config.Description) : null;

    /// <summary>A stream as it is; null when there is none of that name. JetStream may still be choosing its leader.</summary>
    /// <exception cref="ClusterException">JetStream does not answer.</exception>
    public async Task<StreamInfo?> FindStreamAsync(string name, CancellationToken cancellation)
    {
        StreamInfo? found = null;
        await UntilItAnswersAsync(async stop => found = await AskForStreamAsync(name, stop), cancellation);
        return found;
    }

    /// <summary>Connects for a journal that is to be moved here, or from here: whatever the stream says.</summary>
    /// <param name="description">What the journal's stream says of itself where it has to be made; null: it is there, or it is as that of a new cluster.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task OpenToMoveAsync(StreamDescription? description, CancellationToken cancellation) => UntilItAnswersAsync(
        async stop =>
        {
            var journal = await EnsureAsync(new StreamConfig(JournalStream, [JournalSubject(">")]) { DuplicateWindow = DuplicateWindow, Discard = StreamConfigDiscard.New, Description = description?.ToString() }, stop);
            await EnsureAsync(new StreamConfig(RewrittenStream, [RewrittenSubject("*")]), stop);
            await EnsureAsync(new StreamConfig(CatalogStream, [CatalogSubject]) { DuplicateWindow = DuplicateWindow, Discard = StreamConfigDiscard.New }, stop);
            Take(journal);
        },
        cancellation);

    /// <summary>Writes down what the journal's stream says of itself.</summary>
    public async Task DescribeAsync(StreamDescription description, CancellationToken cancellation)
    {
        var present = (await JetStream.GetStreamAsync(JournalStream, cancellationToken: cancellation)).Info;
        if (IdentityOf(present) != Identity)
        {
            throw new ClusterException("Somebody else has made the journal's stream anew meanwhile.");
        }

        var configuration = present.Config;
        configuration.Description = description.ToString();
        Take((await JetStream.UpdateStreamAsync(configuration, cancellation)).Info);
    }

    /// <summary>Makes the streams anew: without messages, and numbered from 1 again. The journal's last, which says that it is on its way until then.</summary>
    public async Task RemakeAsync(StreamDescription description, CancellationToken cancellation)
    {
        foreach (var name in new[] { RewrittenStream, CatalogStream, JournalStream })
        {
            var configuration = (await JetStream.GetStreamAsync(name, cancellationToken: cancellation)).Info.Config;
            configuration.Description = name == JournalStream ? description.ToString() : configuration.Description;
            await JetStream.DeleteStreamAsync(name, cancellation);
            var made = await JetStream.CreateStreamAsync(configuration, cancellation);
            if (name == JournalStream)
            {
                Take(made.Info);
            }
        }
    }
}
