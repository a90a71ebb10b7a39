using Microsoft.Win32.SafeHandles;

namespace Vitrine.Projection;

/// <summary>
/// A file for what has no more place in memory. It is a view of the projection and belongs to this process: it is deleted
/// as soon as it is opened, so that nothing is left whichever way the process ends, and is never flushed.
/// </summary>
internal static class ScratchFile
{
    /// <summary>Room on the disk that is the journal's: without it no request can be acknowledged, while what is in memory can stay there.</summary>
    private const long DiskReserve = 256 << 20;

    /// <summary>Creates a file and opens it for reading and writing anywhere.</summary>
    /// <param name="path">A file that is not there.</param>
    /// <exception cref="IOException">The disk refused.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static SafeFileHandle Create(string path)
    {
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess | FileOptions.DeleteOnClose);
        try
        {
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Refuses to write where the journal would be left with too little room.</summary>
    /// <param name="path">A path on the disk.</param>
    /// <param name="bytes">What is to be written.</param>
    /// <exception cref="IOException">There is not enough room.</exception>
    public static void RefuseWithoutRoom(string path, long bytes)
    {
        if (new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < bytes + DiskReserve)
        {
            throw new IOException($"The disk has no room for {bytes:N0} bytes that leaves the journal {DiskReserve >> 20} MiB.");
        }
    }

    /// <summary>Fills a span from a place in the file. False when the file ends before.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public static bool TryRead(SafeFileHandle file, Span<byte> target, long offset)
    {
        for (var read = 0; read < target.Length;)
        {
            var more = RandomAccess.Read(file, target[read..], offset + read);
            if (more == 0)
            {
                return false;
            }

            read += more;
        }

        return true;
    }
}
