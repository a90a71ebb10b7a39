using Vitrine.Projection;

namespace Vitrine.Hosting;

/// <summary>The folder in which everything the server keeps lies, and the lock that makes it one server's own.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string ExportPrefix = "export-";

    private readonly FileStream? _lock;

    private DataDirectory(string path, FileStream? held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The journal's SQLite file.</summary>
    public string Journal => JournalIn(Path);

    /// <summary>The catalog's SQLite file.</summary>
    public string Catalog => CatalogIn(Path);

    /// <summary>The SQLite file of what is forwarded.</summary>
    public string Forwarding => ForwardingIn(Path);

    /// <summary>The file that says of which cluster the folder is a node's; absent where it is none's.</summary>
    public string NodeMark => System.IO.Path.Combine(Path, "cluster");

    /// <summary>The file that says to which cluster what is here was moved; absent where it was not.</summary>
    public string MovedMark => System.IO.Path.Combine(Path, "migrated");

    /// <summary>The folder in which a move into a cluster, or out of one, keeps what it needs until it is done.</summary>
    public string Moving => System.IO.Path.Combine(Path, "migrating");

    /// <summary>A name for a file that is written to be sent; what is left of such files is deleted at the next start.</summary>
    public string NewExport() => System.IO.Path.Combine(Path, $"{ExportPrefix}{Guid.NewGuid():N}");

    /// <summary>The folder of the keys by which browsers stay signed in over a restart; only the server's own user may read it.</summary>
    public DirectoryInfo SessionKeys()
    {
        var folder = System.IO.Path.Combine(Path, "sessions");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(folder)
            : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The file whose lock makes the folder one server's own.</summary>
    public string Lock => LockIn(Path);

    /// <summary>Where the journal lies in a data folder.</summary>
    public static string JournalIn(string path) => System.IO.Path.Combine(path, "journal.db");

    /// <summary>Where the catalog lies in a data folder.</summary>
    public static string CatalogIn(string path) => System.IO.Path.Combine(path, "catalog.db");

    /// <summary>Where that lies in a data folder.</summary>
    public static string ForwardingIn(string path) => System.IO.Path.Combine(path, "forwarding.db");

    /// <summary>Creates the folder where absent and takes it, for as long as the object lives.</summary>
    /// <exception cref="DataDirectoryException">Another process has it, or it cannot be written.</exception>
    public static DataDirectory Take(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        var name = LockIn(full);
        try
        {
            Create(full);
            var held = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
            held.Flush();
            foreach (var left in Directory.EnumerateFiles(full, ExportPrefix + "*"))
            {
                File.Delete(left); // Of a process that was killed while it sent one.
            }

            return new DataDirectory(full, held);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new DataDirectoryException($"The data folder {full} cannot be written: {fault.Message}", fault);
        }
        catch (IOException fault) when (File.Exists(name) && fault.GetType() == typeof(IOException) && IsSharing(fault))
        {
            throw new DataDirectoryException(
                $"The data folder {full} is in use by another vitrine process. Stop it first, or name another folder with --data.", fault);
        }
        catch (IOException fault)
        {
            throw new DataDirectoryException($"The data folder {full} cannot be used: {fault.Message}", fault);
        }
    }

    /// <summary>Sees to it that a server which runs alone may use the folder, and clears what an interrupted move has left. A new journal is not begun over what is left of a lost one: its events would vanish from the reports.</summary>
    /// <exception cref="DataDirectoryException">It is a node's, was moved into a cluster, or has a projection, or a log of the journal, but no journal.</exception>
    public void PrepareForServer()
    {
        RefuseMoved();
        ClearMoving();
        if (File.Exists(NodeMark))
        {
            throw new DataDirectoryException($"The data folder {Path} is a node's of a cluster: start it with --cluster, or name another folder with --data.", null);
        }

        var projection = ProjectionPaths.In(Path);
        string[] remains = [Journal + "-wal", projection.File, projection.Base];
        if (!File.Exists(Journal) && remains.FirstOrDefault(File.Exists) is { } left)
        {
            throw new DataDirectoryException(
                $"The data folder {Path} holds {System.IO.Path.GetFileName(left)} but no {System.IO.Path.GetFileName(Journal)}: the journal, which holds the events, is lost. "
                + "Restore it from a backup; or, to begin without those events, move the other files away.",
                null);
        }
    }

    /// <summary>Refuses to go on with what lives on in a cluster: the two would part.</summary>
    /// <exception cref="DataDirectoryException">It was moved.</exception>
    public void RefuseMoved()
    {
        if (File.Exists(MovedMark))
        {
            throw new DataDirectoryException(
                $"What is in the data folder {Path} was moved to {File.ReadAllText(MovedMark).Trim()}: start nodes of that cluster, with folders of their own ('vitrine serve --cluster'). "
                + $"To go back to the time before, and leave what has come to the cluster since, delete the file '{System.IO.Path.GetFileName(MovedMark)}' there.",
                null);
        }
    }

    /// <summary>What a move that was interrupted has left is of no use, and would outlive erasures; where nothing else is here, the move is to be ended first.</summary>
    private void ClearMoving()
    {
        if (!Directory.Exists(Moving))
        {
            return;
        }

        if (!File.Exists(Journal))
        {
            throw new DataDirectoryException($"Into the data folder {Path} a cluster was being moved, and not all of it is here: run 'vitrine migrate from-cluster' again, or name another folder with --data.", null);
        }

        Directory.Delete(Moving, recursive: true);
    }

    /// <summary>Names a folder without taking it, for what only reads or what SQLite itself keeps apart.</summary>
    /// <exception cref="DataDirectoryException">There is no such folder.</exception>
    public static DataDirectory Visit(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return Directory.Exists(full)
            ? new DataDirectory(full, null)
            : throw new DataDirectoryException($"There is no data folder {full}. Name the server's with --data.", null);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    /// <summary>
    /// Creates the folder where absent, and makes its entry durable: SQLite flushes what is in it, but not that it is
    /// there. What lies in it concerns nobody else on the machine; a folder that is there keeps the mode it was given.
    /// </summary>
    public static void Create(string path)
    {
        var parents = new List<string>();
        for (var folder = System.IO.Path.GetFullPath(path); !Directory.Exists(folder); folder = parents[^1])
        {
            parents.Add(System.IO.Path.GetDirectoryName(folder)!);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        parents.ForEach(DurableFile.FlushFolder);
    }

    private static string LockIn(string path) => System.IO.Path.Combine(path, "vitrine.lock");

    /// <summary>EAGAIN (11) on Linux, EWOULDBLOCK (35) on macOS, a sharing violation (32) on Windows.</summary>
    private static bool IsSharing(IOException fault) => (fault.HResult & 0xFFFF) is 11 or 35 or 32;
}

/// <summary>The data folder cannot be used; the message says why and what to do.</summary>
public sealed class DataDirectoryException(string message, Exception? cause) : Exception(message, cause);
