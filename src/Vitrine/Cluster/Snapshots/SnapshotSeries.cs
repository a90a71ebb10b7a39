using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ZstdSharp;

namespace Vitrine.Cluster.Snapshots;

/// <summary>Snapshots of one file, of which the last ones are kept.</summary>
/// <remarks>
/// <para>
/// A snapshot is there when its description is, which is written after all of its parts: one that was interrupted anywhere
/// is none. Parts are small, so that one that fails is sent again, and not the file.
/// </para>
/// <para>
/// Only a leader takes and deletes them, but for a moment there may be two. What is deleted has an earlier position than a
/// snapshot that is whole, so whatever either of them trims by, a snapshot is left that reaches as far. Whoever reads one that
/// is deleted meanwhile is told by a missing part, and reads the one that came after it.
/// </para>
/// </remarks>
/// <param name="objects">Where they are.</param>
/// <param name="prefix">With which their names begin there; ends with a slash.</param>
internal sealed class SnapshotSeries(ISnapshotObjects objects, string prefix)
{
    private const int PartBytes = 32 << 20;
    private const int CompressionLevel = 3;
    private const string Description = "/snapshot.json";
    private const int Attempts = 3;

    /// <summary>Where they are, for an operator.</summary>
    public string Place => $"{objects.Place}, {prefix}";

    /// <summary>The snapshot that reaches furthest, of those of a layout that can be opened; null when there is none.</summary>
    public async Task<Snapshot?> FindLatestAsync(Predicate<int> opens, CancellationToken cancellation)
    {
        foreach (var id in Whole(await objects.ListAsync(prefix, cancellation)))
        {
            if (await objects.GetAsync(prefix + id + Description, cancellation) is { } text
                && JsonSerializer.Deserialize(text, SnapshotJson.Default.Snapshot) is { } snapshot
                && opens(snapshot.Layout))
            {
                return snapshot;
            }
        }

        return null;
    }

    /// <summary>Takes a snapshot of a file that nobody changes.</summary>
    /// <exception cref="IOException">It could not be taken; there are those that there were.</exception>
    public async Task<Snapshot> TakeAsync(string file, int layout, long position, DateTimeOffset now, CancellationToken cancellation)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{position:D19}-{Guid.NewGuid():N}");
        var parts = new List<SnapshotPart>();
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
        var buffer = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(stream.Length, 1, PartBytes));
        using var compressor = new Compressor(CompressionLevel);
        for (int read; (read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation)) > 0;)
        {
            await PutAsync(PartOf(id, parts.Count), compressor.Wrap(buffer.AsSpan(0, read)).ToArray(), cancellation);
            parts.Add(new SnapshotPart(read, Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, read)))));
        }

        var snapshot = new Snapshot(id, layout, position, now, parts);
        await PutAsync(prefix + id + Description, JsonSerializer.SerializeToUtf8Bytes(snapshot, SnapshotJson.Default.Snapshot), cancellation);
        return await IsWholeAsync(snapshot, cancellation)
            ? snapshot
            : throw new IOException($"The snapshot {id} in {objects.Place} lost parts while it was written; it is taken again.");
    }

    /// <summary>Writes the file of a snapshot.</summary>
    /// <exception cref="IOException">It is not there any more, or not as it was written; what is in the file is of no use.</exception>
    public async Task FetchAsync(Snapshot snapshot, string file, CancellationToken cancellation)
    {
        await using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        using var decompressor = new Decompressor();
        for (var part = 0; part < snapshot.Parts.Count; part++)
        {
            var packed = await objects.GetAsync(PartOf(snapshot.Id, part), cancellation)
                ?? throw new IOException($"The part {part} of the snapshot {snapshot.Id} is not in {objects.Place} any more.");
            var content = Unpack(decompressor, packed);
            if (content is null || content.Length != snapshot.Parts[part].Bytes || Convert.ToHexStringLower(SHA256.HashData(content)) != snapshot.Parts[part].Sha256)
            {
                throw new IOException($"The part {part} of the snapshot {snapshot.Id} in {objects.Place} is not as it was written.");
            }

            await stream.WriteAsync(content, cancellation);
        }
    }

    /// <summary>Deletes all but the last ones, and what is left of those that came to no end before them; answers the position of the first that is kept, 0 when there is none.</summary>
    public async Task<long> KeepLastAsync(int count, CancellationToken cancellation)
    {
        var names = await objects.ListAsync(prefix, cancellation);
        var kept = Whole(names).Take(count).ToList();
        if (kept.Count == 0)
        {
            return 0;
        }

        // Descriptions first: what has none is no snapshot.
        foreach (var name in names.Where(name => !kept.Contains(IdOf(name)) && string.CompareOrdinal(IdOf(name), kept[0]) < 0).OrderByDescending(static name => name.EndsWith(Description, StringComparison.Ordinal)))
        {
            await objects.DeleteAsync(name, cancellation);
        }

        await objects.CleanAsync(cancellation);
        return long.Parse(kept[^1].AsSpan(0, kept[^1].IndexOf('-')), CultureInfo.InvariantCulture);
    }

    private async Task<bool> IsWholeAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var names = (await objects.ListAsync(prefix + snapshot.Id, cancellation)).ToHashSet(StringComparer.Ordinal);
        return names.Contains(prefix + snapshot.Id + Description) && Enumerable.Range(0, snapshot.Parts.Count).All(part => names.Contains(PartOf(snapshot.Id, part)));
    }

    private async Task PutAsync(string name, byte[] content, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await objects.PutAsync(name, content, cancellation);
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt * 3), cancellation); // Longer than the choosing of a leader takes.
            }
        }
    }

    private static byte[]? Unpack(Decompressor decompressor, byte[] packed)
    {
        try
        {
            return decompressor.Unwrap(packed, PartBytes).ToArray();
        }
        catch (ZstdException)
        {
            return null;
        }
    }

    /// <summary>The ids of those that are whole, the one that reaches furthest first.</summary>
    private IEnumerable<string> Whole(IReadOnlyList<string> names) => names
        .Where(static name => name.EndsWith(Description, StringComparison.Ordinal)).Select(IdOf).OrderDescending(StringComparer.Ordinal);

    private string IdOf(string name) => name[prefix.Length..name.LastIndexOf('/')];

    private string PartOf(string id, int part) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{id}/{part:D6}");
}
