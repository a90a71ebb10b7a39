using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Vitrine.Client.Keeping;

/// <summary>A small JSON file that is written whole: whoever reads it finds what was written last, or before, and never a part. What cannot be written is kept while the process lives.</summary>
internal sealed class KeptFile(string path, ILogger logger)
{
    /// <summary>What it holds; of kind undefined when there is none, or nothing that can be read.</summary>
    public JsonElement Read()
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return default;
        }
    }

    /// <summary>Replaces what it holds.</summary>
    public void Write(byte[] json)
    {
        var next = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Platform.CreatePrivateFolder(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(next, json);
            Platform.ReplaceFile(next, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.CannotKeep(path, fault);
            TryDelete(next);
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It is small, and nobody reads it.
        }
    }
}
