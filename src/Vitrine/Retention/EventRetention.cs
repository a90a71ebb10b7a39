using System.Text.Json;
using DuckDB.NET.Data;
using NodaTime;
using Vitrine.Experiences;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Retention;

/// <summary>Makes hourly figures of single events that are older than their workspace keeps them.</summary>
/// <remarks>
/// <para>
/// Each hour, at the start, and soon after a workspace's days were changed, it looks for events from before the first of the
/// days that are kept, in the workspace's zone. What is to go, and what goal events counted for among it, becomes a journal record; the projector does the rest in the
/// transaction of its batch. Only then does it look again. So nothing is counted twice: the next look sees either the events,
/// because the record is not there, or the figures. Whoever crashes in between begins with waiting for the projector.
/// </para>
/// <para>
/// A record reaches over a month at most, so that the first one after years does not have to be done at once. Events that come
/// late, for a time that has figures already, are single events until the next hour.
/// </para>
/// <para>
/// Then the projection's file and its base are written anew, for DuckDB only marks what is deleted. How far that was done
/// is noted in the catalog, with an entry in the audit log; a crash before leads to its being done at the next look.
/// </para>
/// </remarks>
internal sealed partial class EventRetention(
    ICatalog catalog,
    ExperienceStore experiences,
    IJournal journal,
    Projector projector,
    ProjectionReader reader,
    ProjectionBase projectionBase,
    TimeProvider time,
    ILogger<EventRetention> logger) : BackgroundService
{
    private const string Kind = "retention";
    private const int DaysAtOnce = 31;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var (asked, pause) = (Asked(), Interval);
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Interrupted(fault);
                pause = AfterFault;
            }

            for (var waited = TimeSpan.Zero; waited < pause && asked.SequenceEqual(Asked()); waited += Moment)
            {
                await Task.Delay(Moment, time, stoppingToken);
            }
        }
    }

    private List<(string Workspace, int Days, string Zone)> Asked() => [.. catalog.Current.Workspaces
        .Where(static workspace => workspace.Settings.RetentionDays is not null)
        .Select(static workspace => (workspace.Id, workspace.Settings.RetentionDays!.Value, workspace.TimeZone.Id))];

    /// <summary>Does what is to be done now.</summary>
    /// <exception cref="IOException">It cannot be done now; to be tried again later.</exception>
    internal async Task LookAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            await LookAloneAsync(stop);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private async Task LookAloneAsync(CancellationToken stop)
    {
        var environments = catalog.Current.Workspaces
            .Where(static workspace => workspace.Settings.RetentionDays is not null)
            .SelectMany(static workspace => new[] { new WorkspaceEnvironment(workspace, isTest: false), new WorkspaceEnvironment(workspace, isTest: true) })
            .ToList();
        foreach (var environment in environments)
        {
            await RollAsync(environment, stop);
        }

        var rolled = environments.Count == 0 ? [] : await reader.MaintainAsync(ReadRolled, stop);
        var due = rolled.Where(one => Renewed(one.EnvironmentId) < one.Position).ToList();
        if (due.Count > 0)
        {
            await projectionBase.RenewAsync(due.Max(static one => one.Position), stop);
            due.ForEach(one => Note(one.EnvironmentId, one.Position, one.Until));
        }
    }

    private async Task RollAsync(WorkspaceEnvironment environment, CancellationToken stop)
    {
        var zone = environment.Workspace.TimeZone;
        var today = Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(zone).Date;
        var until = BeginningOf(today.PlusDays(-environment.Workspace.Settings.RetentionDays!.Value), zone);
        while (true)
        {
            if (!await projector.WaitForAsync(journal.Head, Patience, stop) || !projector.IsComplete)
            {
                throw new IOException("The projection has not come to the end of the journal, or lacks records.");
            }

            var record = await reader.MaintainAsync((connection, cancelled) => Read(connection, environment, until, cancelled), stop);
            if (record is null)
            {
                return;
            }

            var position = await AppendAsync(record);
            Rolled(environment.Id, Instant.FromUnixTimeSeconds(record.Until), position);
            if (record.Until == until)
            {
                return; // What has come meanwhile is for the next hour.
            }
        }
    }

    /// <summary>What is to go next; null when nothing is.</summary>
    private RetentionRecord? Read(DuckDBConnection connection, WorkspaceEnvironment environment, long until, CancellationToken stop)
    {
        var number = ReportSql.EnvironmentNumber(connection, environment.Id);
        if (Oldest(connection, number) is not { } oldest || oldest >= until)
        {
            return null;
        }

        var zone = environment.Workspace.TimeZone;
        until = Math.Min(until, BeginningOf(Instant.FromUnixTimeSeconds(oldest).InZone(zone).Date.PlusDays(DaysAtOnce), zone));
        var offset = zone.GetUtcOffset(Instant.FromUnixTimeSeconds(until)).Seconds;
        offset = ((offset % 3600) + 3600) % 3600;
        return new RetentionRecord(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            environment.Id,
            until,
            ProjectionFile.Position(connection),
            offset,
            HourlyConversionCount.Read(connection, number, experiences.Of(environment.Id), until, zone, offset, stop));
    }

    private async Task<long> AppendAsync(RetentionRecord retention)
    {
        var record = PendingRecord.Rent();
        RetentionRecordCodec.Write(retention, record.Body);
        var stored = await journal.AppendAsync(record);
        record.Return();
        return stored.Outcome == AppendOutcome.Durable ? stored.Position : throw new IOException($"The journal does not take the record: {stored.Outcome}.");
    }

    /// <summary>Up to which record the files were written anew for an environment.</summary>
    private long Renewed(string environmentId) =>
        catalog.Find(environmentId, Kind, Kind) is { } document ? JsonSerializer.Deserialize(document.Body, RetentionJson.Default.RenewedFiles)!.Position : 0;

    private void Note(string environmentId, long position, long until)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new RenewedFiles(position, Instant.FromUnixTimeSeconds(until).ToString()), RetentionJson.Default.RenewedFiles);
        var note = new AuditNote("retention", "roll_up_events", environmentId, body);
        while (catalog.TryWrite(environmentId, note, new DocumentWrite(Kind, Kind, catalog.Find(environmentId, Kind, Kind)?.Revision ?? 0, body)) is null)
        {
            // Somebody else has written it meanwhile.
        }
    }

    private static long BeginningOf(LocalDate day, DateTimeZone zone) => TimeBuckets.StartOfDay(zone, day).ToInstant().ToUnixTimeSeconds();

    private static long? Oldest(DuckDBConnection connection, int environment)
    {
        using var command = ReportSql.Command(
            connection,
            """
            SELECT least(
              (SELECT min(event_time) FROM events WHERE environment = $environment),
              (SELECT min(event_time) FROM goal_events WHERE environment = $environment))
            """,
            ("environment", environment));
        return command.ExecuteScalar() as long?;
    }

    /// <summary>The newest record of each environment.</summary>
    private static List<(string EnvironmentId, long Position, long Until)> ReadRolled(DuckDBConnection connection)
    {
        using var command = ReportSql.Command(connection, "SELECT id, max(position), max(until) FROM retentions JOIN environments USING (environment) GROUP BY id");
        using var reader = command.ExecuteReader();
        var rolled = new List<(string, long, long)>();
        while (reader.Read())
        {
            rolled.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return rolled;
    }

    [LoggerMessage(LogLevel.Information, "Single events of {Environment} from before {Until} become hourly figures (journal position {Position})")]
    private partial void Rolled(string environment, Instant until, long position);

    [LoggerMessage(LogLevel.Error, "Old events could not be made hourly figures; it is tried again in a minute")]
    private partial void Interrupted(Exception fault);
}
