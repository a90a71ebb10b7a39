namespace Vitrine.Load;

/// <summary>How long and how often is measured.</summary>
/// <param name="Rounds">Pairs of a no-op and a real measurement; the report shows medians.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="WarmUpSeconds">Unmeasured load of each endpoint before the first round.</param>
/// <param name="Threads">Threads of wrk.</param>
/// <param name="Data">Where the data folders are made; they are removed in the end.</param>
/// <param name="Synced">Whether servers of NATS acknowledge what is on their disks, and not only in their files.</param>
/// <param name="BrokerProcessors">So much of the machine's processors the servers of NATS have together; null: as much as they get.</param>
internal sealed record LoadOptions(int Rounds, int Seconds, int WarmUpSeconds, int Threads, string Data, bool Synced, double? BrokerProcessors);
