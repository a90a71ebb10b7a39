using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Cluster.Migration;
using Vitrine.Cluster.Snapshots;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Commands.Migration;

/// <summary>Moves what is in a data folder into a cluster, and proves that nothing has changed.</summary>
/// <remarks>
/// <para>
/// Positions stay what they are, because ids of requests and rows of the projection name them: each block of 64 is a
/// message. The catalog, and the projection at the journal's end, become snapshots, from which nodes start.
/// </para>
/// <para>
/// Interrupted anywhere, the folder is as it was and the cluster's stream says that it is being filled, so that nodes refuse
/// it; done again it begins anew. In the end the folder is marked first, then the stream: in between neither is in use, and
/// doing it again is possible.
/// </para>
/// </remarks>
/// <param name="options">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of each step, and the proof, line by line.</param>
/// <param name="progress">Told up to which position, of which last one, a step has come.</param>
internal sealed class ToCluster(ClusterOptions options, TimeProvider time, Action<string> tell, Action<long, long> progress)
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    /// <summary>Moves a folder; false: something is not equal, and nothing was marked as done.</summary>
    /// <exception cref="CommandException">It cannot be moved as it is.</exception>
    /// <exception cref="ClusterException">The cluster cannot take it.</exception>
    public async Task<bool> RunAsync(string folder, CancellationToken cancellation)
    {
        SnapshotPlace.RefuseUnusable(options.Snapshots);
        DataDirectory.Visit(folder).Dispose();
        using var directory = DataDirectory.Take(folder);
        await using var cluster = new ClusterConnection(options);
        var stream = new MovingStream(cluster, time);
        await cluster.ConnectAsync(cancellation);
        await RefuseAsync(directory, cluster, stream, cancellation);
        using var work = new WorkFolder(directory.Moving);

        tell("Reading the journal, record by record.");
        RefuseDamaged(directory);
        await using var journal = new SqliteJournal(directory.Journal, new JournalOptions(), time, new JournalMetrics(_registry));
        var paths = ProjectionPaths.In(directory.Path);
        RefuseWithoutBase(journal, paths);
        RefuseLarge(journal, stream.MaximumMessage);
        var source = JournalDigest.Of(journal, position => progress(position, journal.Head), cancellation);

        tell("Bringing the projection to the journal's end.");
        var metrics = new ProjectionMetrics(_registry);
        FolderProjection.Complete(journal, paths, metrics, position => progress(position, journal.Head), cancellation);
        var reached = FolderProjection.Copy(paths.File, work["snapshot.duckdb"]);

        tell($"Writing {source.Records:N0} records into the stream {cluster.JournalStream}.");
        var place = SnapshotPlace.Open(options.Snapshots, cluster, time);
        await stream.PrepareAsync(JournalBlocks.First(journal), journal.FirstPosition, place, cancellation);
        await stream.PublishAsync(JournalBlocks.Read(journal), position => progress(position, journal.Head), cancellation);

        tell("Writing snapshots of the catalog and of the projection.");
        var projections = new SnapshotSeries(place, SharedBase.PrefixOf(cluster)); // Known since the stream was made.
        var catalogs = new SnapshotSeries(new NatsObjects(cluster, time), ClusterCatalog.SnapshotPrefix);
        CopyCatalog(directory.Catalog, work);
        var catalog = await catalogs.TakeAsync(work["catalog.snapshot"], CatalogFile.Layout, 0, time.GetUtcNow(), cancellation);
        var projection = await projections.TakeAsync(work["snapshot.duckdb"], ProjectionFile.Layout, reached, time.GetUtcNow(), cancellation);

        tell("Reading all of it back, and projecting it anew.");
        await using var moved = new StreamJournal(cluster, new JournalOptions(), new JournalMetrics(Metrics.NewCustomRegistry()), time, NullLogger<StreamJournal>.Instance);
        var proof = new Proof("folder", "stream", "snapshots");
        var target = JournalDigest.Of(moved, position => progress(position, moved.Head), cancellation);
        proof.Add("first position", journal.FirstPosition, moved.FirstPosition, null);
        proof.Add("records of the journal", source.Records, target.Records, null);
        proof.Add("SHA-256 over positions and records", source.Sha256, target.Sha256, null);
        await catalogs.FetchAsync(catalog, work["catalog.fetched"], cancellation);
        proof.Add("SHA-256 of the catalog", Backup.HashOf(work["catalog.snapshot"]), null, Backup.HashOf(work["catalog.fetched"]));
        var anew = paths with { File = work["anew.duckdb"] };
        ProjectionRebuild.Run(moved, anew, new ProjectionOptions(), metrics, position => progress(position, moved.Head), cancellation);
        await projections.FetchAsync(projection, work["fetched.duckdb"], cancellation);
        proof.Add(ProjectionTally.Read(paths.File), ProjectionTally.Read(anew.File), ProjectionTally.Read(work["fetched.duckdb"]));
        foreach (var line in proof.Table())
        {
            tell(line);
        }

        if (proof.Holds)
        {
            await stream.RefuseChangesAsync(cancellation);
            Mark(directory, cluster);
            await stream.EndAsync(Moving.No, cancellation);
        }

        return proof.Holds;
    }

    private static async Task RefuseAsync(DataDirectory directory, ClusterConnection cluster, MovingStream stream, CancellationToken cancellation)
    {
        if (File.Exists(directory.NodeMark))
        {
            throw new CommandException($"{directory.Path} is the folder of a node: what it holds is in its cluster already");
        }

        foreach (var file in new[] { directory.Journal, directory.Catalog })
        {
            if (!File.Exists(file))
            {
                throw new CommandException($"there is no {file}: name the folder of a server that ran alone with --data");
            }
        }

        if ((await cluster.FindDescriptionAsync(cancellation))?.Moving != Moving.Here)
        {
            directory.RefuseMoved(); // Otherwise it was interrupted between the two marks.
        }

        await stream.RefuseUsedAsync(cancellation);
    }

    private void RefuseDamaged(DataDirectory directory)
    {
        using var file = JournalFile.Open(directory.Journal, SqliteOpenMode.ReadOnly);
        JournalFile.RefuseNewer(file);
        var verification = JournalVerification.Run(file);
        foreach (var damage in verification.Damages)
        {
            tell(damage);
        }

        if (verification.Damages.Count > 0)
        {
            throw new CommandException("the journal is damaged, and only a sound one can be moved: restore a backup ('vitrine restore') and move that");
        }
    }

    /// <summary>What was trimmed is in the base alone, from which a projection has to start.</summary>
    private static void RefuseWithoutBase(SqliteJournal journal, ProjectionPaths paths)
    {
        if (journal.FirstPosition > 1 && !(File.Exists(paths.Base) && ProjectionFile.PositionOf(paths.Base) >= journal.FirstPosition - 1))
        {
            throw new CommandException($"the journal begins at position {journal.FirstPosition:N0}, and {paths.Base}, which holds what came before, is missing or does not reach that far: restore a backup and move that");
        }
    }

    /// <summary>A block is one message, and cannot be divided.</summary>
    private static void RefuseLarge(SqliteJournal journal, int limit)
    {
        var (largest, at) = (0, 0L);
        foreach (var block in JournalBlocks.Read(journal))
        {
            if (StreamMessage.Measure(block, limit) is var size && size > largest)
            {
                (largest, at) = (size, block.FirstPosition);
            }
        }

        if (largest > limit)
        {
            var needed = (largest + StreamJournal.MaximumHeaders + (1 << 20) - 1) >> 20;
            throw new CommandException($"the records from position {at:N0} on are {largest:N0} bytes in one message, compressed, and NATS takes {limit:N0}: set max_payload there to {needed}MB or more, on all servers, and start them again");
        }
    }

    private static void CopyCatalog(string catalog, WorkFolder work)
    {
        Backup.CopyDatabase(catalog, work["catalog.db"]);
        using var file = new CatalogFile(work["catalog.db"]); // Of an older version it is brought up to this one's.
        file.CopyTo(work["catalog.snapshot"]);
    }

    private void Mark(DataDirectory directory, ClusterConnection cluster)
    {
        var writing = directory.MovedMark + ".writing";
        File.WriteAllText(writing, $"the cluster {options.Name} ({cluster.Identity}) at {options.Addresses}\n");
        DurableFile.Replace(writing, directory.MovedMark);
    }
}
