using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Vitrine.Client.Keeping;

/// <summary>
/// A small JSON file that is written whole: whoever reads it finds what was written last, or before, and never a part. What
/// cannot be written is kept while the process lives.
/// </summary>
internal sealed class KeptFile(string path, ILogger logger)
{
    private const string Unfinished = ".new";

    /// <summary>What it holds; of kind undefined when there is none. False when there is one that cannot be read now.</summary>
    public bool TryRead(out JsonElement json)
    {
        json = default;
        try
        {
            DeleteUnfinished();
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            json = document.RootElement.Clone();
            return true;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.CannotRead(path, fault);
            return false;
        }
    }

    /// <summary>Replaces what it holds.</summary>
    public void Write(byte[] json)
    {
        var next = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            Platform.CreatePrivateFolder(Path.GetDirectoryName(path)!);
            using (var stream = new FileStream(next, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(json, 0, json.Length);
                stream.Flush(flushToDisk: true); // Before it takes the other's place: a loss of power leaves one of both.
            }

            Platform.ReplaceFile(next, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.CannotKeep(path, fault);
            TryDelete(next);
        }
    }

    /// <summary>Deletes it.</summary>
    public void Delete() => TryDelete(path);

    /// <summary>Deletes what processes left that were killed as they wrote; what is being written by one that lives is written in no time.</summary>
    private void DeleteUnfinished()
    {
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFiles(Path.GetFileName(path) + ".*" + Unfinished))
        {
            TryDelete(file.FullName);
        }
    }

    private void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.CannotDelete(file, fault);
        }
    }
}
