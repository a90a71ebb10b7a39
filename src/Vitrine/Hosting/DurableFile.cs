using System.Runtime.InteropServices;

namespace Vitrine.Hosting;

/// <summary>File operations that have reached the disk when they return.</summary>
public static partial class DurableFile
{
    /// <summary>Flushes a file's content to the disk.</summary>
    public static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Puts a flushed file in the place of another and flushes the folder, so that the new one is found after a power cut.</summary>
    public static void Replace(string from, string to)
    {
        Flush(from);
        File.Move(from, to, overwrite: true);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Flushes a folder's entries. Windows keeps them in order by itself.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {path} cannot be opened to be flushed: error {Marshal.GetLastPInvokeError()}.");
        }

        var failed = Synchronize(descriptor) != 0;
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (failed)
        {
            throw new IOException($"The folder {path} cannot be flushed: error {error}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
