using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Cluster.Migration;
using Vitrine.Cluster.Snapshots;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Commands.Migration;

/// <summary>Moves what is in a cluster into an empty data folder, and proves that nothing has changed.</summary>
/// <remarks>
/// Records keep their positions; those that messages left out are left out in the file, too (<see cref="LeftOutPositions"/>).
/// All is written beside, below the folder, and proved; then the cluster is marked, so that nodes refuse to start, and the
/// files are put in their places, the journal last. Interrupted anywhere it can be done again: the streams are only read.
/// </remarks>
/// <param name="options">The cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Told of each step, and the proof, line by line.</param>
/// <param name="progress">Told up to which position, of which last one, a step has come.</param>
internal sealed class FromCluster(ClusterOptions options, TimeProvider time, Action<string> tell, Action<long, long> progress)
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();

    /// <summary>Moves a cluster; false: something is not equal, and nothing was marked as done.</summary>
    /// <exception cref="CommandException">The folder is not empty.</exception>
    /// <exception cref="ClusterException">The cluster cannot be moved as it is.</exception>
    public async Task<bool> RunAsync(string folder, CancellationToken cancellation)
    {
        SnapshotPlace.RefuseUnusable(options.Snapshots);
        await using var cluster = new ClusterConnection(options);
        var stream = new MovingStream(cluster, time);
        await cluster.ConnectAsync(cancellation);
        await RefuseAsync(cluster, stream, cancellation);
        using var directory = DataDirectory.Take(folder);
        RefuseRemains(directory);
        using var work = new WorkFolder(directory.Moving);
        using var moving = DataDirectory.Visit(work.Path);
        await cluster.OpenToMoveAsync(null, cancellation);
        var ends = await stream.FindEndsAsync(cancellation);

        tell("Writing the catalog.");
        using (new ClusterCatalog(cluster, new Roster(cluster), work["cluster-catalog.db"], time, NullLogger<ClusterCatalog>.Instance))
        {
            Backup.CopyDatabase(work["cluster-catalog.db"], moving.Catalog);
        }

        await using var source = new StreamJournal(cluster, new JournalOptions(), new JournalMetrics(_registry), time, NullLogger<StreamJournal>.Instance);
        tell($"Writing the journal, positions {source.FirstPosition:N0} to {source.Head:N0}.");
        WriteJournal(source, moving.Journal, cancellation);
        tell("Projecting both, and reading both again.");
        var counted = await ProjectAsync(cluster, source, ProjectionPaths.In(work.Path), work, cancellation);
        var proof = await ProveAsync(source, counted, moving, cancellation);
        foreach (var line in proof.Table())
        {
            tell(line);
        }

        if (proof.Holds)
        {
            await stream.RefuseNodesAsync(cancellation);
            if (await stream.FindEndsAsync(cancellation) != ends)
            {
                throw new ClusterException("Somebody has written into the cluster meanwhile: stop all nodes, and move it again.");
            }

            await stream.EndAsync(Moving.Away, cancellation);
            Place(moving, directory);
        }

        return proof.Holds;
    }

    private async Task RefuseAsync(ClusterConnection cluster, MovingStream stream, CancellationToken cancellation)
    {
        switch ((await cluster.FindDescriptionAsync(cancellation))?.Moving)
        {
            case null:
                throw new CommandException($"there is no cluster {options.Name} at {options.Addresses}");
            case Moving.Here:
                throw new CommandException($"a journal is being moved into the cluster {options.Name}, and not all of it is there: what can be moved is where it comes from");
        }

        await stream.RefuseNodesAsync(cancellation);
    }

    /// <summary>What an interrupted move has left is welcome: it had not put the journal in its place.</summary>
    private static void RefuseRemains(DataDirectory directory)
    {
        var mayRemain = Directory.Exists(directory.Moving) && !File.Exists(directory.Journal);
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory.Path).Where(entry => entry != directory.Lock && entry != directory.Moving))
        {
            if (!mayRemain || !Files(directory).Contains(entry))
            {
                throw new CommandException($"{directory.Path} holds {Path.GetFileName(entry)} already; name an empty folder with --data");
            }
        }
    }

    private void WriteJournal(StreamJournal source, string file, CancellationToken cancellation)
    {
        using var writer = new JournalFileWriter(file, source.FirstPosition);
        for (var position = source.FirstPosition - 1; source.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            cancellation.ThrowIfCancellationRequested();
            writer.Add(group);
            progress(group.LastPosition, source.Head);
        }

        writer.Finish(source.Head);
    }

    /// <summary>Opens the journal as a server does, builds the projection from it, and compares both with the cluster's.</summary>
    private async Task<Proof> ProveAsync(StreamJournal source, string counted, DataDirectory moving, CancellationToken cancellation)
    {
        var proof = new Proof("cluster", "folder");
        var paths = ProjectionPaths.In(moving.Path);
        await using (var target = new SqliteJournal(moving.Journal, new JournalOptions(), time, new JournalMetrics(Metrics.NewCustomRegistry())))
        {
            ProjectionRebuild.Run(target, paths, new ProjectionOptions(), new ProjectionMetrics(Metrics.NewCustomRegistry()), position => progress(position, target.Head), cancellation);
            var there = JournalDigest.Of(source, position => progress(position, source.Head), cancellation);
            var here = JournalDigest.Of(target, position => progress(position, target.Head), cancellation);
            proof.Add("first position", source.FirstPosition, target.FirstPosition);
            proof.Add("last position", source.Head, target.Head);
            proof.Add("records of the journal", there.Records, here.Records);
            proof.Add("SHA-256 over positions and records", there.Sha256, here.Sha256);
        }

        proof.Add(ProjectionTally.Read(counted), ProjectionTally.Read(paths.File));
        using var file = JournalFile.Open(moving.Journal, SqliteOpenMode.ReadWrite);
        JournalFile.Execute(file, "PRAGMA journal_mode = DELETE"); // One file, which can be put in its place at once.
        return proof;
    }

    /// <summary>Projects the stream as a node does: from the last snapshot on. Where the journal was trimmed, that becomes the folder's base, too.</summary>
    private async Task<string> ProjectAsync(ClusterConnection cluster, StreamJournal source, ProjectionPaths paths, WorkFolder work, CancellationToken cancellation)
    {
        var counted = new ProjectionPaths(work["counted.duckdb"], work["snapshot.duckdb"]);
        var snapshots = new SnapshotSeries(SnapshotPlace.Open(options.Snapshots, cluster, time), SharedBase.PrefixOf(cluster));
        if (await snapshots.FindLatestAsync(static layout => layout == ProjectionFile.Layout, cancellation) is { } snapshot)
        {
            await snapshots.FetchAsync(snapshot, counted.Base, cancellation);
            if (source.FirstPosition > 1)
            {
                File.Copy(counted.Base, paths.Base);
            }

            tell(string.Create(CultureInfo.InvariantCulture, $"The cluster's projection starts from its snapshot of position {snapshot.Position:N0}, in {snapshots.Place}."));
        }
        else if (source.FirstPosition > 1)
        {
            throw new ClusterException($"The journal begins at position {source.FirstPosition}, and no snapshot of what came before is in {snapshots.Place}. Say with --cluster-snapshots where they are, as it is said to the nodes.");
        }
        else
        {
            tell($"There is no snapshot in {snapshots.Place}: the cluster's projection starts from the journal's beginning.");
        }

        ProjectionRebuild.Run(source, counted, new ProjectionOptions(), new ProjectionMetrics(_registry), position => progress(position, source.Head), cancellation);
        return counted.File;
    }

    /// <summary>The journal last: a folder that has one has everything.</summary>
    private static void Place(DataDirectory from, DataDirectory to)
    {
        foreach (var (written, place) in Files(from).Zip(Files(to)))
        {
            if (File.Exists(written))
            {
                DurableFile.Replace(written, place);
            }
        }
    }

    private static string[] Files(DataDirectory directory)
    {
        var projection = ProjectionPaths.In(directory.Path);
        return [directory.Catalog, projection.Base, projection.File, directory.Journal];
    }
}
