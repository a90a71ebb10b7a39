using System.Text;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;

namespace Vitrine.Cluster.Snapshots;

/// <summary>Objects in an object store of JetStream, with as many replicas as the journal has.</summary>
/// <remarks>
/// The store keeps a mark of each object that was deleted, and the chunks of one whose writer was killed; both are deleted
/// here, because snapshots come and go for ever.
/// </remarks>
/// <param name="cluster">Where the store is.</param>
/// <param name="time">By which chunks are told that nobody writes any more.</param>
internal sealed class NatsObjects(ClusterConnection cluster, TimeProvider time) : ISnapshotObjects
{
    private static readonly TimeSpan LongestWriting = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private INatsObjStore? _store;

    /// <inheritdoc/>
    public string Place => $"the object store {cluster.SnapshotsBucket} of JetStream";

    /// <summary>The stream that the store is.</summary>
    public string Stream => $"OBJ_{cluster.SnapshotsBucket}";

    private string Descriptions => $"$O.{cluster.SnapshotsBucket}.M.";

    private string Chunks => $"$O.{cluster.SnapshotsBucket}.C.";

    /// <inheritdoc/>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) =>
        TryAsync(async (store, stop) => await store.PutAsync(name, content.ToArray(), stop), cancellation);

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => TryAsync<byte[]?>(
        async (store, stop) =>
        {
            try
            {
                return await store.GetBytesAsync(name, stop);
            }
            catch (NatsObjNotFoundException)
            {
                return null;
            }
        },
        cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => TryAsync<IReadOnlyList<string>>(
        async (_, stop) => [.. (await FindSubjectsAsync(Descriptions, stop)).Select(Decode).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))],
        cancellation);

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation) => TryAsync(
        async (store, stop) =>
        {
            try
            {
                await store.DeleteAsync(name, stop);
            }
            catch (NatsObjNotFoundException)
            {
                // Its mark may still be there.
            }

            await PurgeAsync(Descriptions + Encode(name), stop);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public Task CleanAsync(CancellationToken cancellation) => TryAsync(
        async (store, stop) =>
        {
            var (objects, chunks) = (await FindSubjectsAsync(Descriptions, stop), await FindSubjectsAsync(Chunks, stop));
            if (chunks.Count <= objects.Count)
            {
                return true;
            }

            var known = new HashSet<string>(StringComparer.Ordinal);
            foreach (var one in objects)
            {
                known.Add(Chunks + (await store.GetInfoAsync(Decode(one), showDeleted: true, stop)).Nuid);
            }

            foreach (var subject in chunks.Where(subject => !known.Contains(subject)))
            {
                // Of one that is being written just now the last chunk is young.
                if (await cluster.GetLastMessageAsync(Stream, subject, stop) is { } last && time.GetUtcNow() - last.WrittenAt > LongestWriting)
                {
                    await PurgeAsync(subject, stop);
                }
            }

            return true;
        },
        cancellation);

    private async Task PurgeAsync(string subject, CancellationToken cancellation) =>
        await cluster.JetStream.PurgeStreamAsync(Stream, new StreamPurgeRequest { Filter = subject }, cancellation);

    private async Task<ICollection<string>> FindSubjectsAsync(string prefix, CancellationToken cancellation) =>
        (await cluster.JetStream.GetStreamAsync(Stream, new StreamInfoRequest { SubjectsFilter = prefix + ">" }, cancellation)).Info.State.Subjects?.Keys ?? [];

    /// <summary>As the store writes names into subjects.</summary>
    private static string Encode(string name) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name)).Replace('+', '-').Replace('/', '_');

    private static string Decode(string subject) => Encoding.UTF8.GetString(Convert.FromBase64String(subject[(subject.LastIndexOf('.') + 1)..].Replace('-', '+').Replace('_', '/')));

    private async Task<T> TryAsync<T>(Func<INatsObjStore, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit); // It waits for chunks that do not come as for those that do.
        try
        {
            _store ??= await cluster.OpenObjectsAsync(limit.Token);
            return await work(_store, limit.Token);
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && fault is not IOException && ClusterConnection.IsUnavailable(fault))
        {
            throw new IOException($"{Place} cannot be used: {ClusterConnection.Describe(fault)}.", fault);
        }
    }
}
