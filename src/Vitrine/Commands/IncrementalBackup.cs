using System.Globalization;
using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Privacy;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary>A backup that is taken again and again into the same folder: each time only what the journal has got since is copied.</summary>
/// <remarks>
/// <para>
/// The journal lies in segments, SQLite files of its groups, one for each time; groups never change, so a segment stays as
/// it is. The catalog and the projection's base, which do change, are copied whole each time under new names. The manifest
/// is replaced last, at once; whatever it does not name is deleted afterwards. A backup that is interrupted anywhere leaves
/// the one before.
/// </para>
/// <para>
/// It begins anew, with one segment of all, where what is there is of another journal (its last group is another one), and
/// where customers were erased since: erasures do change groups, and the old segments hold what is to be gone.
/// </para>
/// </remarks>
internal static class IncrementalBackup
{
    private const string SegmentPrefix = "journal-";
    private static readonly string[] Columns = ["$first", "$count", "$written", "$payload"];

    /// <summary>Brings a backup up to date, or makes the first; answers its manifest, and how many records are new.</summary>
    public static (BackupManifest Manifest, long New) Take(DataDirectory data, string folder, TimeProvider time)
    {
        DataDirectory.Create(folder);
        var before = File.Exists(Path.Combine(folder, Backup.ManifestFile)) ? Backup.ReadManifest(Path.Combine(folder, Backup.ManifestFile)) : null;
        if (before is { Segments: null })
        {
            throw new CommandException($"{folder} is a backup of its own; name another folder for an incremental one");
        }

        if (before is null && Directory.EnumerateFileSystemEntries(folder).Any(static entry => !IsPart(Path.GetFileName(entry))))
        {
            throw new CommandException($"{folder} holds something else already; name a folder of its own for an incremental backup");
        }

        var now = time.GetUtcNow();
        var stamp = now.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture);
        var manifest = Copy(data, folder, before, now, stamp, out var added);
        Backup.WriteManifest(folder, manifest);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != Backup.ManifestFile && !manifest.Files.ContainsKey(Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        return (manifest, added);
    }

    /// <summary>Puts the segments of a checked backup together to a journal.</summary>
    public static void Assemble(string folder, BackupManifest manifest, string journal)
    {
        File.Delete(journal);
        using var target = JournalFile.Open(journal, SqliteOpenMode.ReadWriteCreate);
        JournalFile.Prepare(target);
        foreach (var segment in manifest.Segments!)
        {
            using var source = JournalFile.Open(Path.Combine(folder, segment), SqliteOpenMode.ReadOnly);
            CopyGroups(source, target, 0);
        }

        JournalFile.Execute(target, "PRAGMA journal_mode = DELETE");
        var last = SqliteJournal.Extent(target).Last;
        if (last != manifest.Position)
        {
            throw new CommandException($"the backup says that it reaches position {manifest.Position:N0}, and its segments reach {last:N0}");
        }
    }

    private static BackupManifest Copy(DataDirectory data, string folder, BackupManifest? before, DateTimeOffset now, string stamp, out long added)
    {
        var (catalog, source) = ($"catalog-{stamp}.db", ProjectionPaths.In(data.Path).Base);
        Backup.CopyDatabase(data.Catalog, Path.Combine(folder, catalog));
        var written = File.GetLastWriteTimeUtc(source);
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["catalog"] = catalog };
        if (File.Exists(data.Forwarding))
        {
            parts["forwarding"] = $"forwarding-{stamp}.db";
            Backup.CopyDatabase(data.Forwarding, Path.Combine(folder, parts["forwarding"]));
        }

        if (File.Exists(source))
        {
            parts["base"] = $"base-{stamp}.duckdb";
            File.Copy(source, Path.Combine(folder, parts["base"]), overwrite: true);
        }

        using var journal = JournalFile.Open(data.Journal, SqliteOpenMode.ReadOnly);
        using var transaction = journal.BeginTransaction(deferred: true); // One moment, whatever a server writes meanwhile.
        var (first, last) = SqliteJournal.Extent(journal);
        var kept = before is not null && first <= before.Position + 1 && GoesOn(folder, before, journal, Path.Combine(folder, catalog)) ? before : null;
        var after = kept?.Position ?? 0;
        if (first > after + 1 && !(parts.ContainsKey("base") && ProjectionFile.PositionOf(Path.Combine(folder, parts["base"])) >= first - 1))
        {
            throw new CommandException("the journal is trimmed and the projection's base that holds the rest is missing or keeps changing");
        }

        if (File.GetLastWriteTimeUtc(source) != written)
        {
            throw new CommandException("the projection's base was written anew meanwhile; take the backup again");
        }

        var segments = (kept?.Segments ?? []).ToList();
        added = 0;
        if (last > after)
        {
            segments.Add($"{SegmentPrefix}{stamp}.db");
            added = WriteSegment(journal, Path.Combine(folder, segments[^1]), after);
        }

        var files = new SortedDictionary<string, string>(kept?.Files.Where(one => segments.Contains(one.Key)).ToDictionary() ?? [], StringComparer.Ordinal);
        foreach (var file in parts.Values.Concat(segments).Where(file => !files.ContainsKey(file)))
        {
            DurableFile.Flush(Path.Combine(folder, file));
            files.Add(file, Backup.HashOf(Path.Combine(folder, file)));
        }

        return new BackupManifest(now, (kept?.Records ?? 0) + added, last, files) { Segments = segments, Parts = parts };
    }

    /// <summary>Whether what is there is the beginning of a journal, and still as it is.</summary>
    private static bool GoesOn(string folder, BackupManifest before, SqliteConnection journal, string catalogCopy)
    {
        using (var catalog = new SqliteCatalog(catalogCopy, TimeProvider.System))
        {
            if (new ErasureList(catalog).All.Any(one => one.Erasure.CompletedAt > before.TakenAt))
            {
                return false;
            }
        }

        if (before.Segments is not [.., var newest] || !File.Exists(Path.Combine(folder, newest)))
        {
            return false;
        }

        using var segment = JournalFile.Open(Path.Combine(folder, newest), SqliteOpenMode.ReadOnly);
        var there = Newest(segment, long.MaxValue);
        return there is not null && (Newest(journal, there.Value.First) is { } here ? here == there : SqliteJournal.Extent(journal).First > there.Value.First);
    }

    /// <summary>The group that begins at a position or before, by its position and the hash of its records.</summary>
    private static (long First, string Hash)? Newest(SqliteConnection journal, long position)
    {
        using var command = journal.CreateCommand();
        command.CommandText = "SELECT first_position, payload FROM journal_group WHERE first_position <= $position ORDER BY first_position DESC LIMIT 1";
        command.Parameters.AddWithValue("$position", position);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData((byte[])reader.GetValue(1)))) : null;
    }

    /// <summary>Answers how many records there are in it.</summary>
    private static long WriteSegment(SqliteConnection journal, string path, long after)
    {
        using (var segment = JournalFile.Open(path, SqliteOpenMode.ReadWriteCreate))
        {
            JournalFile.Prepare(segment);
            CopyGroups(journal, segment, after);
            JournalFile.Execute(segment, "PRAGMA journal_mode = DELETE");
        }

        return Backup.Verify(path).Records;
    }

    private static void CopyGroups(SqliteConnection source, SqliteConnection target, long after)
    {
        using var transaction = target.BeginTransaction();
        using var read = source.CreateCommand();
        read.CommandText = "SELECT first_position, record_count, written_at, payload FROM journal_group WHERE first_position > $after ORDER BY first_position";
        read.Parameters.AddWithValue("$after", after);
        using var write = target.CreateCommand();
        write.Transaction = transaction;
        write.CommandText = "INSERT INTO journal_group VALUES ($first, $count, $written, $payload)";
        var parameters = Columns.Select(name => write.Parameters.AddWithValue(name, DBNull.Value)).ToList();
        using var rows = read.ExecuteReader();
        while (rows.Read())
        {
            for (var column = 0; column < parameters.Count; column++)
            {
                parameters[column].Value = rows.GetValue(column);
            }

            write.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    private static bool IsPart(string name) =>
        name.StartsWith(SegmentPrefix, StringComparison.Ordinal) || name.StartsWith("catalog-", StringComparison.Ordinal) || name.StartsWith("base-", StringComparison.Ordinal)
        || name.StartsWith("forwarding-", StringComparison.Ordinal);
}
