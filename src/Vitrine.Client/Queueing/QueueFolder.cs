using System.Globalization;

namespace Vitrine.Client.Queueing;

/// <summary>The folder of a queue's files, which processes share. The names of files sort by when they were begun.</summary>
internal sealed class QueueFolder(string path, TimeProvider time)
{
    private const string Extension = ".queue";

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Begins a file; throws where none can be written.</summary>
    public Segment Begin()
    {
        Platform.CreatePrivateFolder(path);
        try
        {
            return Segment.Create(NewPath());
        }
        catch (IOException)
        {
            return Segment.Create(NewPath()); // A start beside this one may have had it open for a moment.
        }
    }

    /// <summary>The files there are, the oldest first. None, where one goes as it is looked at: later then.</summary>
    public IReadOnlyList<(string Path, long Bytes)> Files()
    {
        try
        {
            return [.. new DirectoryInfo(path).EnumerateFiles("*" + Extension).OrderBy(static file => file.Name, StringComparer.Ordinal).Select(static file => (file.FullName, file.Length))];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return []; // There is no folder yet.
        }
    }

    private string NewPath() =>
        System.IO.Path.Combine(path, time.GetUtcNow().UtcTicks.ToString("x16", CultureInfo.InvariantCulture) + "-" + Guid.NewGuid().ToString("N") + Extension);
}
