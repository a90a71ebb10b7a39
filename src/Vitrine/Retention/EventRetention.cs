using System.Text.Json;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using NodaTime;
using Vitrine.Conversions;
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
/// days that are kept, in the workspace's zone. What is to go, and what goal events counted for among it, becomes a journal
/// record; the projector does the rest in the transaction of its batch. Only then does it look again. So nothing is counted
/// twice: the next look sees either the events, because the record is not there, or the figures. Whoever crashes in between
/// begins with waiting for the projector.
/// </para>
/// <para>
/// A record is bounded by events and by bytes, in whole days, so that the first one after years does not have to be done at
/// once. Events that come late, for a time that has figures already, are single events until the next day's record.
/// </para>
/// <para>
/// Then, once a day, the projection's file and its base are written anew, for DuckDB only marks what is deleted. How far that
/// was done the new file says itself; a crash before leads to its being done at the next look. Then the audit log says it.
/// Of a cluster's nodes each does that with its own files, and only the leader looks for events.
/// What goes wrong in one environment keeps no other from its turn.
/// </para>
/// </remarks>
internal sealed partial class EventRetention(
    ICatalog catalog,
    ExperienceStore experiences,
    IJournal journal,
    Projector projector,
    ProjectionReader reader,
    ProjectionBase projectionBase,
    Leadership leadership,
    TimeProvider time,
    ILogger<EventRetention> logger) : BackgroundService
{
    /// <summary>Events of a record, about.</summary>
    private const long MostEvents = 2_000_000;

    /// <summary>Bytes of a record, of the 64 MiB that may wait for the disk.</summary>
    private const int MostBytes = 16 << 20;

    /// <summary>Entries of the audit log among which the last record is looked for.</summary>
    private const int AuditEntries = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
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
                pause = await LookAsync(stoppingToken) ? Interval : Soon;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                FilesFailed(fault);
                pause = Soon;
            }

            for (var waited = TimeSpan.Zero; waited < pause && asked.SequenceEqual(Asked()); waited += Moment)
            {
                await Task.Delay(Moment, time, stoppingToken);
            }
        }
    }

    private List<(string Workspace, int Days, string Zone)> Asked() => [.. (leadership.IsLeader ? catalog.Current.Workspaces : [])
        .Where(static workspace => workspace.Settings.RetentionDays is not null)
        .Select(static workspace => (workspace.Id, workspace.Settings.RetentionDays!.Value, workspace.TimeZone.Id))];

    /// <summary>Does what is to be done now; false when some of it could not be.</summary>
    /// <exception cref="IOException">The files cannot be written anew now; to be tried again later.</exception>
    internal async Task<bool> LookAsync(CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            return await LookAloneAsync(stop);
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

    private async Task<bool> LookAloneAsync(CancellationToken stop)
    {
        if (!await IsCurrentAsync(stop))
        {
            return false;
        }

        var isDone = true;
        foreach (var environment in (leadership.IsLeader ? catalog.Current.Workspaces : []).SelectMany(static one => new[] { new WorkspaceEnvironment(one, isTest: false), new WorkspaceEnvironment(one, isTest: true) }))
        {
            try
            {
                isDone &= await RollAsync(environment, stop);
            }
            catch (Exception fault) when (!stop.IsCancellationRequested)
            {
                Interrupted(fault, environment.Id);
                isDone = false;
            }
        }

        var rolled = await reader.MaintainAsync(ReadRolled, stop);
        if (rolled.Exists(static one => !one.IsRenewed))
        {
            await projectionBase.RenewAsync(rolled.Max(static one => one.Position), stop);
        }

        foreach (var (environmentId, position, until, _) in leadership.IsLeader ? rolled : [])
        {
            Note(environmentId, position, until);
        }

        return isDone;
    }

    private async Task<bool> IsCurrentAsync(CancellationToken stop) =>
        await projector.WaitForAsync(await journal.FindHeadAsync(stop), Patience, stop, isUrgent: false) && projector.IsComplete;

    /// <summary>All that is to go of an environment; false when the projection is not current.</summary>
    private async Task<bool> RollAsync(WorkspaceEnvironment environment, CancellationToken stop)
    {
        // The setting is asked for each time: whoever takes back a mistaken one stops what is left of it.
        while (catalog.Current.Find(environment.Id)?.Workspace is { Settings.RetentionDays: { } days, TimeZone: var zone })
        {
            if (!await IsCurrentAsync(stop))
            {
                return false;
            }

            var today = Instant.FromDateTimeOffset(time.GetUtcNow()).InZone(zone).Date;
            var until = BeginningOf(today.PlusDays(-days), zone);
            if (await reader.MaintainAsync((connection, cancelled) => Read(connection, environment.Id, zone, until, cancelled), stop) is not var (record, bytes))
            {
                return true;
            }

            Rolled(environment.Id, Instant.FromUnixTimeSeconds(record.Until), await AppendAsync(environment.Id, bytes));
        }

        return true;
    }

    /// <summary>What is to go next, and its bytes; null when nothing is.</summary>
    private (RetentionRecord Record, ByteWriter Bytes)? Read(DuckDBConnection connection, string environmentId, DateTimeZone zone, long until, CancellationToken stop)
    {
        var environment = ReportSql.EnvironmentNumber(connection, environmentId);
        var from = ReportSql.RawFrom(connection, environment) ?? 0;
        if (from >= until || OldEvents.Find(connection, environment, until) is not { } old)
        {
            return null; // What came late is for the next day.
        }

        var first = Instant.FromUnixTimeSeconds(old.First).InZone(zone).Date;
        var end = old.EndOf(MostEvents) is { } enough ? Math.Min(until, BeginningOf(Instant.FromUnixTimeSeconds(enough).InZone(zone).Date.PlusDays(1), zone)) : until;
        while (true)
        {
            var offset = ((zone.GetUtcOffset(Instant.FromUnixTimeSeconds(end)).Seconds % 3600) + 3600) % 3600;
            var record = new RetentionRecord(time.GetUtcNow().ToUnixTimeMilliseconds(), environmentId, end, ProjectionFile.Position(connection), offset, []);
            try
            {
                record = record with { Conversions = HourlyConversionCount.Read(connection, environment, experiences.Of(environmentId), from, end, zone, offset, stop) };
                var bytes = Encoded(record);
                if (bytes.Length <= Math.Min(MostBytes, journal.MaximumRecord))
                {
                    return (record, bytes);
                }
            }
            catch (TooManyGoalEventsException)
            {
                // Fewer days at once have fewer.
            }

            var days = Period.DaysBetween(first, Instant.FromUnixTimeSeconds(end).InZone(zone).Date);
            if (days <= 1)
            {
                ConversionsLost(environmentId, Instant.FromUnixTimeSeconds(end));
                return (record with { Conversions = [] }, Encoded(record with { Conversions = [] }));
            }

            end = BeginningOf(first.PlusDays(days / 2), zone);
        }
    }

    private static ByteWriter Encoded(RetentionRecord retention)
    {
        var bytes = new ByteWriter();
        RetentionRecordCodec.Write(retention, bytes);
        return bytes;
    }

    private async Task<long> AppendAsync(string environmentId, ByteWriter bytes)
    {
        var record = PendingRecord.Rent();
        record.Body.WriteRaw(bytes.Written);
        var stored = await journal.AppendAsync(environmentId, record);
        record.Return();
        return stored.Outcome == AppendOutcome.Durable ? stored.Position : throw new IOException($"The journal does not take the record: {stored.Outcome}.");
    }

    /// <summary>Notes a record in the audit log, unless it is the last one there: files may have been written anew for something else, or by a leader that did not come to this.</summary>
    private void Note(string environmentId, long position, long until)
    {
        const string action = "roll_up_events";
        var last = catalog.ReadAudit(environmentId, environmentId, long.MaxValue, AuditEntries).FirstOrDefault(static one => one.Note.Action == action)?.Note.Detail;
        if (last is null || JsonNode.Parse(last)!["position"]!.GetValue<long>() != position)
        {
            catalog.TryWrite(environmentId, new AuditNote("retention", action, environmentId, JsonSerializer.SerializeToUtf8Bytes(new { position, until = Instant.FromUnixTimeSeconds(until).ToString() })));
        }
    }

    private static long BeginningOf(LocalDate day, DateTimeZone zone) => TimeBuckets.StartOfDay(zone, day).ToInstant().ToUnixTimeSeconds();

    /// <summary>The newest record of each environment, and whether the file has been written anew since.</summary>
    private static List<(string EnvironmentId, long Position, long Until, bool IsRenewed)> ReadRolled(DuckDBConnection connection)
    {
        using var command = ReportSql.Command(connection, """
            SELECT id, max(position), max(until), max(position) <= (SELECT position FROM projection_renewal)
            FROM retentions JOIN environments USING (environment) GROUP BY id
            """);
        using var reader = command.ExecuteReader();
        var rolled = new List<(string, long, long, bool)>();
        while (reader.Read())
        {
            rolled.Add((reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3)));
        }

        return rolled;
    }

    [LoggerMessage(LogLevel.Information, "Single events of {Environment} from before {Until} become hourly figures (journal position {Position})")]
    private partial void Rolled(string environment, Instant until, long position);

    [LoggerMessage(LogLevel.Error, "Old events of {Environment} could not be made hourly figures; it is tried again in a minute")]
    private partial void Interrupted(Exception fault, string environment);

    [LoggerMessage(LogLevel.Error, "Files could not be written anew without old events; it is tried again in a minute")]
    private partial void FilesFailed(Exception fault);

    [LoggerMessage(LogLevel.Error, "There are too many goal events in a day of {Environment}: what they counted for among the events before {Until} is not kept")]
    private partial void ConversionsLost(string environment, Instant until);
}
