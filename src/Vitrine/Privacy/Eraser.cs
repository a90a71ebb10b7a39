using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Privacy;

/// <summary>Carries out erasures: the list of them, and every file that still holds what was erased.</summary>
/// <remarks>
/// <para>
/// An erasure is a journal record. The projector takes the customers out of the tables when it comes to it, in the
/// transaction of its batch; from then on nothing that is asked knows them. What is left to do here may be interrupted
/// anywhere and begins anew: the entry in the list is completed last.
/// </para>
/// <para>
/// One pass, for all that wait: the projection's file is written anew without deleted rows, its base likewise, files that
/// were set aside are deleted, and the journal's records are rewritten in their order; the record that asks for the
/// erasure comes behind all that it is about, and forgets the customer's id when they are done. None of the copies is
/// behind that record. A projection that is built anew from the journal while that goes on could have read the one and not
/// the other: if the file changed meanwhile, the customers are looked for once more, by their hashes, and all is done again.
/// After a failure it waits, longer each time.
/// </para>
/// <para>
/// Of a cluster's nodes the leader does all this. The others write their own files anew, as soon as their projection has
/// come to an erasure and as often as the leader may; the file says itself up to where that was done. One that was away
/// until nothing named the customers any more looks for them by their hashes and asks again: then it is complete later.
/// </para>
/// </remarks>
internal sealed partial class Eraser(
    ErasureList list,
    RestoredErasures restored,
    IJournal journal,
    Projector projector,
    ProjectionReader reader,
    ProjectionBase projectionBase,
    Leadership leadership,
    ProjectionPaths paths,
    PrivacyOptions options,
    TimeProvider time,
    ILogger<Eraser> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>How often a pass is made anew because the projection's file changed meanwhile.</summary>
    private const int Attempts = 3;

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;
    private int _failures;
    private long? _noted;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var next = Task.WhenAny(projector.NextErasure, leadership.NextChange);
            var pause = Pause;
            try
            {
                pause = await WorkAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Interrupted(fault);
            }

            await Task.WhenAny(next, Task.Delay(TimeSpan.FromTicks(Math.Clamp(pause.Ticks, 0, LongestPause.Ticks)), time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Does what is to be done now; answers after how long to look again at the latest.</summary>
    private async Task<TimeSpan> WorkAsync(CancellationToken stop)
    {
        if (!await projector.WaitForAsync(await journal.FindHeadAsync(stop), Patience, stop))
        {
            return TimeSpan.Zero; // Behind: what it comes to is not erased yet.
        }

        if (!leadership.IsLeader)
        {
            return await RenewOwnAsync(stop);
        }

        await NoteAsync(stop);
        if (await restored.ApplyAsync(Waiting().Where(static one => one.Erasure.Position is null), stop))
        {
            return TimeSpan.Zero; // Asked for in the journal: to be projected first.
        }

        var due = Waiting().ToList();
        var early = _notBefore - time.GetUtcNow();
        if (due.Count == 0 || early > TimeSpan.Zero)
        {
            return due.Count == 0 ? Pause : early;
        }

        try
        {
            await PassAsync(due, stop);
            _failures = 0;
            _notBefore = time.GetUtcNow() + options.ErasureInterval;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            _notBefore = time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(Pause.Ticks << Math.Min(_failures++, 10), LongestPause.Ticks)); // Each begins with the dearest step.
            throw;
        }

        return TimeSpan.Zero;
    }

    private IEnumerable<(string EnvironmentId, Erasure Erasure)> Waiting() => list.All.Where(static one => one.Erasure.CompletedAt is null);

    /// <summary>Enters into the list what the projection has come to since. It is noted in order, so what is listed says where to go on.</summary>
    private async Task NoteAsync(CancellationToken stop)
    {
        _noted ??= list.All.Max(static one => one.Erasure.Position) ?? -1;
        var records = await reader.MaintainAsync(connection => Records(connection, _noted.Value), stop);
        var key = list.All.Select(static one => one.Erasure.Key).FirstOrDefault() ?? Erasure.NewKey();
        foreach (var (position, environmentId, receivedAt) in records)
        {
            Note(position, ErasureRequests.Read(journal, position) ?? new ErasureRecord(receivedAt, environmentId, $"record-{position}", "unknown", null, []), key); // Trimmed, or damaged: whom it was about nobody can say.
            _noted = position;
        }
    }

    private void Note(long position, ErasureRecord record, string key)
    {
        if (list.Find(record.ErasureId) is { } known)
        {
            if ((known.Position ?? 0) < position)
            {
                // Asked for again, under the id that it had: one that was complete is not any more, for this record names the customers.
                list.Write(record.EnvironmentId, "erase", known with { Position = position, RequestId = known.RequestId ?? RequestId.Of(position), CompletedAt = null });
            }

            return;
        }

        list.Write(record.EnvironmentId, "erase", new Erasure
        {
            Id = record.ErasureId,
            RequestId = RequestId.Of(position),
            Position = position,
            By = record.By,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(record.ReceivedAt),
            Key = key,
            Hashes = [.. record.Customers.Where(static one => one.Length > 0).Select(one => Erasure.HashOf(key, record.EnvironmentId, one))],
        });
    }

    private async Task PassAsync(List<(string EnvironmentId, Erasure Erasure)> due, CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var last = due.Max(static one => one.Erasure.Position!.Value);
        var erasing = new RecordErasure();
        foreach (var (_, erasure) in due)
        {
            if (ErasureRequests.Read(journal, erasure.Position!.Value) is { } record)
            {
                erasing.Add(erasure.Position.Value, record);
            }
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var generation = reader.Generation;
            var groups = await EraseFilesAsync(last, erasing, stop);
            if (reader.Generation == generation)
            {
                foreach (var (environmentId, erasure) in due)
                {
                    list.Write(environmentId, "erased", erasure with { CompletedAt = time.GetUtcNow() });
                }

                Passed(due.Count, groups, time.GetElapsedTime(started));
                return;
            }

            if (await projector.WaitForAsync(await journal.FindHeadAsync(stop), Patience, stop) && await restored.AskAgainAsync(due, stop))
            {
                return; // The next pass is about the new records.
            }
        }

        throw new IOException("The projection's file changes all the time.");
    }

    /// <summary>Takes the customers out of every file; answers how many groups of the journal were rewritten.</summary>
    private async Task<int> EraseFilesAsync(long last, RecordErasure erasing, CancellationToken stop)
    {
        await EraseOwnAsync(last, stop);
        var groups = await journal.RewriteAsync(last, erasing.Rewrite, erasing.Mentions, stop);
        await journal.OverwriteRemainsAsync(stop);
        return groups;
    }

    /// <summary>Takes customers who were erased up to a position out of this process's own files.</summary>
    private async Task EraseOwnAsync(long last, CancellationToken stop)
    {
        foreach (var file in paths.Remains().ToList())
        {
            File.Delete(file);
            Deleted(file);
        }

        await projectionBase.RenewAsync(last, stop); // Last: the file then says that all is done.
    }

    /// <summary>What is left to do where another node leads; answers after how long to look again.</summary>
    private async Task<TimeSpan> RenewOwnAsync(CancellationToken stop)
    {
        var (renewed, due) = await reader.MaintainAsync(Unrenewed, stop);
        if (due == 0)
        {
            return Pause;
        }

        if (_notBefore - time.GetUtcNow() is { Ticks: > 0 } early)
        {
            return early;
        }

        // A record that was rewritten before this node came to it does not say any more whom it was about.
        var forgotten = list.All.Where(one => one.Erasure.Position > renewed && one.Erasure.Position <= due && ErasureRequests.Read(journal, one.Erasure.Position.Value)?.Customers.Any(static customer => customer.Length > 0) != true).ToList();
        if (forgotten.Count > 0 && await restored.AskAgainAsync(forgotten, stop))
        {
            return TimeSpan.Zero; // Asked for in the journal: to be projected first.
        }

        await EraseOwnAsync(due, stop);
        _notBefore = time.GetUtcNow() + options.ErasureInterval;
        return Pause;
    }

    /// <summary>Up to where the file was written anew, and the last erasure behind that; 0 when there is none.</summary>
    private static (long Renewed, long Due) Unrenewed(DuckDB.NET.Data.DuckDBConnection connection)
    {
        var renewed = Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT position FROM projection_renewal"), null);
        return (renewed, Convert.ToInt64(ProjectionFile.Scalar(connection, string.Create(null, $"SELECT coalesce(max(position), 0) FROM erasures WHERE position > {renewed}")), null));
    }

    private static List<(long Position, string EnvironmentId, long ReceivedAt)> Records(DuckDB.NET.Data.DuckDBConnection connection, long after)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT position, id, received_at FROM erasures JOIN environments USING (environment) WHERE position > {after} ORDER BY position";
        using var rows = command.ExecuteReader();
        var records = new List<(long, string, long)>();
        while (rows.Read())
        {
            records.Add((rows.GetInt64(0), rows.GetString(1), rows.GetInt64(2)));
        }

        return records;
    }

    [LoggerMessage(LogLevel.Information, "{Erasures} erasures are complete: {Groups} groups of the journal were rewritten, all in {Time}")]
    private partial void Passed(int erasures, int groups, TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "{File} was deleted: it may have held customers who were erased")]
    private partial void Deleted(string file);

    [LoggerMessage(LogLevel.Error, "Erasures were interrupted and begin anew; reports are without the customers, files may still hold them")]
    private partial void Interrupted(Exception fault);
}
