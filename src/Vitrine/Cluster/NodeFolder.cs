using System.Text;
using Vitrine.Hosting;
using Vitrine.Projection;

namespace Vitrine.Cluster;

/// <summary>Sees to it that a data folder is a node's of one cluster only: what another's projection has counted is not this one's.</summary>
internal static class NodeFolder
{
    /// <summary>Makes a folder a node's, or finds that it is.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="identity">What tells the cluster from all others.</param>
    /// <exception cref="DataDirectoryException">It is another's.</exception>
    public static void Claim(DataDirectory directory, string identity)
    {
        var mark = directory.NodeMark;
        if (!File.Exists(mark))
        {
            if (new[] { directory.Journal, ProjectionPaths.In(directory.Path).File }.FirstOrDefault(File.Exists) is { } other)
            {
                throw new DataDirectoryException(
                    $"The data folder {directory.Path} holds {Path.GetFileName(other)} of a server that ran alone. A node of a cluster needs a folder of its own: name another one with --data.", null);
            }

            File.WriteAllText(mark + ".writing", identity, Encoding.UTF8);
            DurableFile.Replace(mark + ".writing", mark);
        }
        else if (File.ReadAllText(mark) is var known && known != identity)
        {
            throw new DataDirectoryException(
                $"The data folder {directory.Path} is a node's of another cluster ({known}); this one is {identity}. Name another folder with --data; or, if JetStream has lost that one's streams, restore them.", null);
        }
    }
}
