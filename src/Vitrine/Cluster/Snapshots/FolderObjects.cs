namespace Vitrine.Cluster.Snapshots;

/// <summary>Objects as the files of a folder that all nodes see, such as one of NFS.</summary>
/// <remarks>A file has another name while it is written, and is renamed once it is flushed.</remarks>
/// <param name="folder">The folder; made where absent: see <see cref="SnapshotPlace.RefuseUnusable"/>.</param>
/// <param name="time">By which unfinished files are told that nobody writes any more.</param>
internal sealed class FolderObjects(string folder, TimeProvider time) : ISnapshotObjects
{
    private const string Unfinished = ".writing";
    private static readonly TimeSpan LongestWriting = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Place => folder;

    /// <inheritdoc/>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => TryAsync(async () =>
    {
        var path = PathOf(name);
        var writing = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
        {
            Hosting.DataDirectory.Create(PathOf(name[..slash])); // Each by itself, so that each is ours alone.
        }

        await using (var stream = new FileStream(writing, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true))
        {
            await stream.WriteAsync(content, cancellation);
        }

        Hosting.DurableFile.Replace(writing, path);
        return true;
    });

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => TryAsync(async () =>
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(name), cancellation);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => TryAsync(() => Task.FromResult<IReadOnlyList<string>>(
    [
        .. Files().Where(static path => !path.EndsWith(Unfinished, StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)),
    ]));

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation) => TryAsync(() =>
    {
        var path = PathOf(name);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        if (Path.GetDirectoryName(path) is { } parent && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }

        return Task.FromResult(true);
    });

    /// <inheritdoc/>
    public Task CleanAsync(CancellationToken cancellation) => TryAsync(() =>
    {
        foreach (var path in Files().Where(path => path.EndsWith(Unfinished, StringComparison.Ordinal) && time.GetUtcNow() - File.GetLastWriteTimeUtc(path) > LongestWriting))
        {
            File.Delete(path);
        }

        return Task.FromResult(true);
    });

    private IEnumerable<string> Files() => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [];

    private string PathOf(string name) => Path.Combine(folder, name.Replace('/', Path.DirectorySeparatorChar));

    private async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException($"The folder of snapshots {folder} cannot be used: {fault.Message}", fault);
        }
    }
}
