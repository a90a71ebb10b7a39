using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Decisions;

/// <summary>Writes what was delivered into the journal, about each second and when the server stops.</summary>
/// <remarks>
/// A delivery is counted in memory when it is answered and journaled up to a second later: a crash loses at most the
/// deliveries of that second, never an event. Counts that the journal does not take are given back and go with the next
/// ones; an append whose outcome is not known to be durable may have been stored all the same, and is then counted twice.
/// That is why these figures stand beside those of events and are not part of the books.
/// </remarks>
internal sealed partial class DeliveryJournal(DeliveryCounters counters, IJournal journal, TimeProvider time, ILogger<DeliveryJournal> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <summary>Writes what was counted since the last time.</summary>
    internal async Task WriteAsync()
    {
        foreach (var environment in counters.Take().GroupBy(static one => one.Delivery.EnvironmentId))
        {
            var record = PendingRecord.Rent();
            DeliveredCountsCodec.Write(
                new DeliveredCounts(time.GetUtcNow().ToUnixTimeMilliseconds(), environment.Key, Add(environment)), record.Body);
            var stored = await journal.AppendAsync(environment.Key, record);
            record.Return();
            if (stored.Outcome != AppendOutcome.Durable)
            {
                counters.GiveBack(environment);
                NotStored(stored.Outcome);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // What is left is written when the server stops.
        }
    }

    private static DeliveredCount[] Add(IEnumerable<(Delivery Delivery, long Hour, long Count)> counts) =>
        [.. counts.GroupBy(static one => (one.Delivery, one.Hour)).Select(static one => new DeliveredCount(
            one.Key.Delivery.ExperienceId,
            one.Key.Delivery.Experience,
            one.Key.Delivery.Version,
            one.Key.Delivery.AudienceId,
            one.Key.Delivery.AudienceName,
            one.Key.Delivery.VariationId,
            one.Key.Hour,
            one.Sum(static count => count.Count)))];

    [LoggerMessage(LogLevel.Warning, "Delivered counts were not stored ({Outcome}); they are kept and stored with the next ones")]
    private partial void NotStored(AppendOutcome outcome);
}
