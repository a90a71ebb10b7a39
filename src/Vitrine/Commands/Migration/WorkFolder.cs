using Vitrine.Hosting;

namespace Vitrine.Commands.Migration;

/// <summary>The folder in which a move keeps what it needs until it is done; what an interrupted one has left is deleted at the next.</summary>
internal sealed class WorkFolder : IDisposable
{
    /// <summary>Makes it, empty.</summary>
    public WorkFolder(string path)
    {
        Path = path;
        Dispose();
        DataDirectory.Create(path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
