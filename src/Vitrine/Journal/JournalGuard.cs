namespace Vitrine.Journal;

/// <summary>Ends the process when the journal says that it may not acknowledge any more, and logs when it cannot be written.</summary>
public sealed partial class JournalGuard(
    IJournal journal, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<JournalGuard> logger) : BackgroundService
{
    /// <summary>The exit code after a failed fsync: EX_IOERR of sysexits.h.</summary>
    public const int ExitCode = 74;

    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var known = JournalHealth.Good;
        while (!stoppingToken.IsCancellationRequested)
        {
            var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            if (await Task.WhenAny(journal.Fatal, tick) == journal.Fatal)
            {
                Stopped(await journal.Fatal);
                lifetime.StopApplication();
                EndAnyway();
                return;
            }

            await tick;
            var health = journal.Health;
            if (health.Writable != known.Writable)
            {
                Report(health);
                known = health;
            }
        }
    }

    /// <summary>A disk that fails may also block whoever closes its files: the process ends all the same.</summary>
    private static void EndAnyway()
    {
        var watchdog = new Thread(static () =>
        {
            new ManualResetEvent(initialState: false).WaitOne(LongestEnd);
            Environment.Exit(ExitCode);
        })
        {
            Name = "end after a failed fsync",
            IsBackground = true,
        };
        watchdog.Start();
    }

    private void Report(JournalHealth health)
    {
        if (health.Writable)
        {
            WritableAgain();
        }
        else
        {
            Unwritable(health.Reason);
        }
    }

    [LoggerMessage(LogLevel.Critical, "Nothing is acknowledged any more and the process ends: {Reason}. Start it again once the disk is sound; every acknowledged event is kept.")]
    private partial void Stopped(string reason);

    [LoggerMessage(LogLevel.Error, "The journal cannot be written, events are answered 503: {Reason}")]
    private partial void Unwritable(string reason);

    [LoggerMessage(LogLevel.Information, "The journal can be written again")]
    private partial void WritableAgain();
}
