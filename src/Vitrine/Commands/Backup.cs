using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Commands;

/// <summary>What a backup holds.</summary>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="Records">Journal records in it.</param>
/// <param name="Position">The last one's position.</param>
/// <param name="Files">SHA-256 of each file, in hexadecimal.</param>
internal sealed record BackupManifest(
    [property: JsonPropertyName("taken_at")] DateTimeOffset TakenAt,
    [property: JsonPropertyName("records")] long Records,
    [property: JsonPropertyName("position")] long Position,
    [property: JsonPropertyName("files")] SortedDictionary<string, string> Files)
{
    /// <summary>Of an incremental backup: the files of the journal, in their order.</summary>
    [JsonPropertyName("segments"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>Of an incremental backup: which file is the <c>catalog</c>, which holds the bookmarks of <c>forwarding</c>, and which the projection's <c>base</c>, where there is one.</summary>
    [JsonPropertyName("parts"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SortedDictionary<string, string>? Parts { get; init; }

    /// <summary>Why it cannot be a backup's; null when it can.</summary>
    public string? WhyNot()
    {
        if (Files is null || (Segments is null) != (Parts is null) || Parts?.ContainsKey("catalog") is false)
        {
            return "does not name the files of a backup";
        }

        var named = Files.Keys.Where(static name => name is null or "." or ".." || name != Path.GetFileName(name))
            .Concat((Segments ?? []).Concat(Parts?.Values ?? Enumerable.Empty<string>()).Where(name => name is null || !Files.ContainsKey(name)));
        return named.FirstOrDefault() is { } wrong ? $"names '{wrong}', which is no file of a backup" : null;
    }
}

/// <summary>Copies a data folder and puts it back.</summary>
/// <remarks>
/// The journal and the catalog are copied by SQLite's own online backup, which gives the state of one moment whatever a
/// server writes meanwhile. The projection is not copied: it is rebuilt. Only where the journal was trimmed does the
/// projection's base, which then holds what the journal lacks, come along; it is a file that is only ever replaced as a
/// whole. It is copied before the journal, so it never reaches further than the journal does; should the journal be
/// trimmed in between, the two do not meet and are copied again. The manifest is written last: a folder without one is
/// no backup.
/// </remarks>
internal static class Backup
{
    /// <summary>The name of the manifest.</summary>
    public const string ManifestFile = "backup.json";

    private const string Restoring = ".restoring";

    /// <summary>Takes a backup into a new folder.</summary>
    public static BackupManifest Take(DataDirectory data, string folder, TimeProvider time)
    {
        if (Directory.Exists(folder) || File.Exists(folder))
        {
            throw new CommandException($"{folder} exists already; a backup makes a folder of its own");
        }

        if (!File.Exists(data.Journal))
        {
            throw new CommandException($"there is no journal in {data.Path}");
        }

        DataDirectory.Create(folder);
        try
        {
            return TakeInto(folder, data, time);
        }
        catch
        {
            Directory.Delete(folder, recursive: true); // Made here, and no backup without its manifest.
            throw;
        }
    }

    private static BackupManifest TakeInto(string folder, DataDirectory data, TimeProvider time)
    {
        CopyDatabase(data.Catalog, DataDirectory.CatalogIn(folder));
        if (File.Exists(data.Forwarding))
        {
            CopyDatabase(data.Forwarding, DataDirectory.ForwardingIn(folder)); // Before the journal: no bookmark stands beyond its end.
        }

        CopyJournal(data, folder);
        var verification = Verify(DataDirectory.JournalIn(folder));
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            DurableFile.Flush(file);
            files.Add(Path.GetFileName(file), HashOf(file));
        }

        var manifest = new BackupManifest(time.GetUtcNow(), verification.Records, verification.Last, files);
        WriteManifest(folder, manifest);
        return manifest;
    }

    /// <summary>Puts a manifest in its place, durably and at once.</summary>
    public static void WriteManifest(string folder, BackupManifest manifest)
    {
        var path = Path.Combine(folder, ManifestFile);
        File.WriteAllBytes(path + Restoring, JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest));
        DurableFile.Replace(path + Restoring, path);
    }

    /// <summary>Checks that a backup is complete and as it was taken.</summary>
    public static BackupManifest Check(string folder)
    {
        var path = Path.Combine(folder, ManifestFile);
        if (!File.Exists(path))
        {
            throw new CommandException($"{folder} is no complete backup: it has no {ManifestFile}");
        }

        var manifest = ReadManifest(path);
        foreach (var (name, hash) in manifest.Files)
        {
            var file = Path.Combine(folder, name);
            if (!File.Exists(file) || HashOf(file) != hash)
            {
                throw new CommandException($"{file} is missing or not as it was backed up");
            }
        }

        return manifest;
    }

    /// <summary>Copies a checked backup into a data folder that holds nothing but its lock.</summary>
    /// <param name="folder">The backup.</param>
    /// <param name="manifest">What it holds.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="complete">Completes the catalog, whose copy it is given, before anything is in its place.</param>
    public static void Restore(string folder, BackupManifest manifest, DataDirectory data, Action<string> complete)
    {
        var sources = Sources(manifest);
        RefuseRemains(data, manifest, sources);
        try
        {
            foreach (var (name, file) in sources)
            {
                File.Copy(Path.Combine(folder, file), Path.Combine(data.Path, name + Restoring), overwrite: true);
            }

            if (manifest.Segments is not null)
            {
                IncrementalBackup.Assemble(folder, manifest, data.Journal + Restoring);
            }

            complete(data.Catalog + Restoring);
        }
        catch
        {
            foreach (var left in Directory.EnumerateFiles(data.Path, "*" + Restoring))
            {
                File.Delete(left);
            }

            throw;
        }

        // The journal last: a folder that has one has everything.
        var journal = Path.GetFileName(data.Journal);
        foreach (var name in sources.Keys.Append(journal).Distinct().OrderBy(name => name == journal))
        {
            DurableFile.Replace(Path.Combine(data.Path, name + Restoring), Path.Combine(data.Path, name));
        }
    }

    /// <summary>
    /// Remains of other data would be taken for this: a stray write-ahead log by SQLite, a projection by its position.
    /// What an interrupted restore of the same backup has left is welcome.
    /// </summary>
    private static void RefuseRemains(DataDirectory data, BackupManifest manifest, Dictionary<string, string> sources)
    {
        foreach (var file in Directory.EnumerateFiles(data.Path))
        {
            var name = Path.GetFileName(file);
            var restored = name.EndsWith(Restoring, StringComparison.Ordinal)
                || (file != data.Journal && sources.TryGetValue(name, out var source) && HashOf(file) == manifest.Files[source]);
            if (file != data.Lock && !restored)
            {
                throw new CommandException($"{data.Path} holds {name} already; restore into an empty folder");
            }
        }
    }

    /// <summary>Where the catalog lies in a backup of either kind, or in a data folder.</summary>
    public static string CatalogOf(string folder) =>
        File.Exists(Path.Combine(folder, ManifestFile)) && ReadManifest(Path.Combine(folder, ManifestFile)).Parts is { } parts
            ? Path.Combine(folder, parts["catalog"])
            : DataDirectory.CatalogIn(folder);

    /// <summary>Which file of a backup becomes which of a data folder. The journal of an incremental one is put together.</summary>
    private static Dictionary<string, string> Sources(BackupManifest manifest)
    {
        if (manifest is not { Parts: { } parts })
        {
            return manifest.Files.Keys.ToDictionary(static name => name);
        }

        var sources = new Dictionary<string, string> { [Path.GetFileName(DataDirectory.CatalogIn(""))] = parts["catalog"] };
        if (parts.TryGetValue("forwarding", out var bookmarks))
        {
            sources.Add(Path.GetFileName(DataDirectory.ForwardingIn("")), bookmarks);
        }

        if (parts.TryGetValue("base", out var held))
        {
            sources.Add(Path.GetFileName(ProjectionPaths.In("").Base), held);
        }

        return sources;
    }

    /// <summary>Reads a manifest. It names files of its own folder, and no others: whoever can write it must not have another file read.</summary>
    public static BackupManifest ReadManifest(string path)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), BackupJson.Default.BackupManifest)
                ?? throw new CommandException($"{path} is empty");
            return manifest.WhyNot() is { } reason ? throw new CommandException($"{path} {reason}") : manifest;
        }
        catch (JsonException fault)
        {
            throw new CommandException($"{path} cannot be read: {fault.Message}");
        }
    }

    private static void CopyJournal(DataDirectory data, string folder)
    {
        var (source, target) = (ProjectionPaths.In(data.Path), ProjectionPaths.In(folder));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var written = File.GetLastWriteTimeUtc(source.Base);
            if (File.Exists(source.Base))
            {
                File.Copy(source.Base, target.Base, overwrite: true);
            }

            File.Delete(DataDirectory.JournalIn(folder));
            CopyDatabase(data.Journal, DataDirectory.JournalIn(folder));
            using var journal = JournalFile.Open(DataDirectory.JournalIn(folder), SqliteOpenMode.ReadOnly);
            var first = SqliteJournal.Extent(journal).First;
            if (File.GetLastWriteTimeUtc(source.Base) != written)
            {
                continue; // Written anew without customers of whom the journal knows no more that they are to be erased.
            }

            if (first == 1 || (File.Exists(target.Base) && ProjectionFile.PositionOf(target.Base) >= first - 1))
            {
                return;
            }
        }

        throw new CommandException("the journal is trimmed and the projection's base that holds the rest is missing or keeps changing");
    }

    /// <summary>Copies a SQLite file as it is at one moment.</summary>
    public static void CopyDatabase(string from, string to)
    {
        using var source = JournalFile.Open(from, SqliteOpenMode.ReadOnly);
        using var target = JournalFile.Open(to, SqliteOpenMode.ReadWriteCreate);
        source.BackupDatabase(target);
        JournalFile.Execute(target, "PRAGMA journal_mode = DELETE");
    }

    /// <summary>Reads a journal whole, and refuses one that is not sound.</summary>
    public static JournalVerification Verify(string journal)
    {
        using var connection = JournalFile.Open(journal, SqliteOpenMode.ReadOnly);
        var verification = JournalVerification.Run(connection);
        return verification.Damages.Count == 0
            ? verification
            : throw new CommandException($"the journal is not sound, the backup is not complete: {verification.Damages[0]}");
    }

    /// <summary>The SHA-256 of a file, in hexadecimal.</summary>
    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>The serialised shape of the manifest.</summary>
[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
