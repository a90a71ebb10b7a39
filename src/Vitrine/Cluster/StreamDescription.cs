using System.Globalization;

namespace Vitrine.Cluster;

/// <summary>What the journal's stream says of itself, in the description that JetStream keeps with it: so it is there from the stream's beginning, and goes with it.</summary>
/// <param name="FirstBlock">Which block of positions its first message is; never changed.</param>
/// <param name="Moving">Whether the journal is being moved here, or was moved away; nodes may not use it then.</param>
internal sealed record StreamDescription(long FirstBlock, Moving Moving)
{
    private const string Beginning = "first-block";
    private const string Arriving = "migrating";
    private const string Gone = "migrated";

    /// <summary>Of a stream that says nothing: it began empty.</summary>
    public static StreamDescription Plain { get; } = new(1, Moving.No);

    /// <summary>Reads what a stream says.</summary>
    /// <exception cref="ClusterException">It was written by a newer version, or somebody else has written over it.</exception>
    public static StreamDescription Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Plain;
        }

        return text.Split(' ') is [Beginning, var block, .. var rest] && long.TryParse(block, NumberStyles.None, CultureInfo.InvariantCulture, out var first) && rest is [] or [Arriving] or [Gone]
            ? new StreamDescription(first, rest is [] ? Moving.No : rest[0] == Arriving ? Moving.Here : Moving.Away)
            : throw new ClusterException($"The description of the journal's stream, '{text}', is none that this version knows. It says at which position the journal begins: put it back as it was, or start the version that wrote it.");
    }

    /// <summary>As it is kept.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Beginning} {FirstBlock}{Moving switch { Moving.Here => $" {Arriving}", Moving.Away => $" {Gone}", _ => "" }}");
}

/// <summary>Whether a journal is on its way.</summary>
internal enum Moving
{
    /// <summary>It is here.</summary>
    No,

    /// <summary>It is being moved into the cluster, and not all of it is there yet.</summary>
    Here,

    /// <summary>It was moved out of the cluster.</summary>
    Away,
}
