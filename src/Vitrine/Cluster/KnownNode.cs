namespace Vitrine.Cluster;

/// <summary>A node as another one has seen its entry; a renewed entry is another of these.</summary>
/// <param name="entry">What it tells of itself.</param>
/// <param name="revision">Of the entry.</param>
internal sealed class KnownNode(NodeEntry entry, ulong revision)
{
    private bool _isSilent;

    /// <summary>What it tells of itself.</summary>
    public NodeEntry Entry => entry;

    /// <summary>Of the process.</summary>
    public string Id => entry.Id;

    /// <summary>Of the entry.</summary>
    public ulong Revision => revision;

    /// <summary>Whether it has left a question unanswered since it wrote this entry.</summary>
    public bool IsSilent
    {
        get => Volatile.Read(ref _isSilent);
        set => Volatile.Write(ref _isSilent, value);
    }
}
