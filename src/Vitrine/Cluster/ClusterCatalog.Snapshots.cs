using NATS.Client.JetStream.Models;
using Vitrine.Workspaces;

namespace Vitrine.Cluster;

/// <remarks>A snapshot is the file as it was behind one change, which its position says; changes are made in it by one thread, in their order.</remarks>
internal sealed partial class ClusterCatalog
{
    /// <summary>Begins with the last snapshot, where it knows more than this node does.</summary>
    private async Task TakeOverAsync(ulong first)
    {
        if (await _snapshots.FindLatestAsync(static layout => layout <= CatalogFile.Layout, _stopping.Token) is { } snapshot && (ulong)snapshot.Position >= _next - 1)
        {
            var copy = _path + ".copying";
            try
            {
                await _snapshots.FetchAsync(snapshot, copy, _stopping.Token);
                _file.TakeOver(copy);
            }
            finally
            {
                DeleteFile(copy);
            }

            _next = (ulong)snapshot.Position + 1;
            TellFollowers();
        }

        if (first > _next)
        {
            throw new IOException($"the stream begins at change {first} and no snapshot that this version can read reaches that far");
        }
    }

    /// <summary>Takes a snapshot of what this node knows, if that is so many changes more than the last one; lets go of changes that are in the one before it.</summary>
    /// <exception cref="IOException">It could not be taken.</exception>
    public async Task TakeSnapshotAsync(ulong changes, CancellationToken cancellation)
    {
        var last = (ulong)((await _snapshots.FindLatestAsync(static _ => true, cancellation))?.Position ?? 0);
        if (Interlocked.Read(ref _next) - 1 < last + changes)
        {
            return;
        }

        var copy = _path + ".snapshot";
        DeleteFile(copy);
        try
        {
            long position;
            lock (_making)
            {
                position = (long)_next - 1;
                _file.CopyTo(copy);
            }

            await _snapshots.TakeAsync(copy, CatalogFile.Layout, position, _time.GetUtcNow(), cancellation);
            var first = await _snapshots.KeepLastAsync(2, cancellation); // Whoever is just reading the earlier one goes on behind it.
            await _cluster.JetStream.PurgeStreamAsync(_cluster.CatalogStream, new StreamPurgeRequest { Seq = (ulong)first + 1 }, cancellation);
        }
        finally
        {
            DeleteFile(copy);
        }
    }
}
