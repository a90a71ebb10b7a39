namespace Vitrine.Load;

/// <summary>One kind of load.</summary>
/// <param name="Name">By which the command line chooses it.</param>
/// <param name="Connections">How many connections wrk keeps busy.</param>
/// <param name="Elements">Users in a request that reports events; 0 in one that fetches.</param>
/// <param name="Actions">Events of each user.</param>
internal sealed record Scenario(string Name, int Connections, int Elements, int Actions)
{
    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("single", 256, 1, 1),
        new("single64", 64, 1, 1),
        new("hundred", 64, 20, 5), // Twenty users with five events each: a batch of a busy server's, say.
        new("fetch", 64, 0, 0),
        new("forward", 64, 20, 5),
        new("cluster", 256, 1, 1),
        new("cluster100", 64, 20, 5),
    ];

    /// <summary>Whether experiences are fetched, and nothing reported.</summary>
    public bool Fetches => Elements == 0;

    /// <summary>Whether what is reported is forwarded afterwards, and that is measured.</summary>
    public bool Forwards => Name == "forward";

    /// <summary>Whether nodes of a cluster take it.</summary>
    public bool Clusters => Name.StartsWith("cluster", StringComparison.Ordinal);

    /// <summary>Events in a request.</summary>
    public int Events => Elements * Actions;

    /// <summary>How the report names it.</summary>
    public string Title => Fetches ? $"1 key, 5 active experiences, {Connections} connections" : $"{Events} {(Events == 1 ? "event" : "events")}/request, {Connections} connections";
}
