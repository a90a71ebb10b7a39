namespace Vitrine.Cluster.Snapshots;

/// <summary>Where snapshots are kept, as an operator says it.</summary>
internal static class SnapshotPlace
{
    /// <summary>Why a text says no place; null where it does. Null is the cluster's own object store.</summary>
    public static string? WhyNot(string? place) =>
        place is null || IsFolder(place) || (Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri is { Scheme: "s3", Host.Length: > 0 })
            ? null
            : $"'{place}' is no place for snapshots: one is a folder that all nodes see, such as /mnt/shared/vitrine, or s3://bucket/prefix?region=eu-central-1, with &endpoint=https://… where it is not AWS.";

    /// <summary>The objects there.</summary>
    public static ISnapshotObjects Open(string? place, ClusterConnection cluster, TimeProvider time) =>
        place is null ? new NatsObjects(cluster, time)
        : IsFolder(place) ? new FolderObjects(place, time)
        : new S3Objects(new Uri(place));

    /// <summary>Tries a folder before it is needed; other places say so when they are.</summary>
    /// <exception cref="ClusterException">It is not there, which an unmounted one is not, or nothing can be written there.</exception>
    public static void RefuseUnusable(string? place)
    {
        if (place is null || !IsFolder(place))
        {
            return;
        }

        if (!Directory.Exists(place))
        {
            throw new ClusterException($"There is no folder {place} for snapshots (--cluster-snapshots). Mount it, or make it.");
        }

        try
        {
            var attempt = Path.Combine(place, $".{Guid.NewGuid():N}");
            File.WriteAllText(attempt, "");
            File.Delete(attempt);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException($"Snapshots cannot be kept in {place} (--cluster-snapshots): {fault.Message}", fault);
        }
    }

    private static bool IsFolder(string place) => Path.IsPathFullyQualified(place);
}
