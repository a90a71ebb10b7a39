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
/// erasure comes behind all that it is about, and forgets the customer's id when they are done. A projection that is built
/// anew from the journal while that goes on could have read the one and not the other: if the file changed meanwhile, the
/// customers are looked for once more, by their hashes.
/// </para>
/// </remarks>
internal sealed partial class Eraser(
    ErasureRequests requests,
    ErasureList list,
    RestoredErasures restored,
    SqliteJournal journal,
    Projector projector,
    ProjectionReader reader,
    ProjectionBase projectionBase,
    ProjectionPaths paths,
    PrivacyOptions options,
    TimeProvider time,
    ILogger<Eraser> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private DateTimeOffset _lastPass = DateTimeOffset.MinValue;
    private long _noted = -1;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var next = requests.Next;
            var pause = Pause;
            try
            {
                pause = await WorkAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Interrupted(fault, pause);
            }

            await Task.WhenAny(next, Task.Delay(pause, time, stoppingToken));
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Does what is to be done now; answers after how long to look again at the latest.</summary>
    private async Task<TimeSpan> WorkAsync(CancellationToken stop)
    {
        if (!await projector.WaitForAsync(journal.Head, Patience, stop))
        {
            return TimeSpan.Zero; // Behind: what it comes to is not erased yet.
        }

        await NoteAsync(stop);
        await restored.ApplyAsync(Waiting().Where(static one => one.Erasure.Position is null), stop);
        var due = Waiting().Where(static one => one.Erasure.Position is not null).ToList();
        if (due.Count == 0)
        {
            return Pause;
        }

        var early = _lastPass + options.ErasureInterval - time.GetUtcNow();
        if (_lastPass > DateTimeOffset.MinValue && early > TimeSpan.Zero)
        {
            return early;
        }

        await PassAsync(due, stop);
        _lastPass = time.GetUtcNow();
        return TimeSpan.Zero;
    }

    private IEnumerable<(string EnvironmentId, Erasure Erasure)> Waiting() => list.All.Where(static one => one.Erasure.CompletedAt is null);

    /// <summary>Enters into the list what the projection has come to since.</summary>
    private async Task NoteAsync(CancellationToken stop)
    {
        var positions = await reader.MaintainAsync(connection => Positions(connection, _noted), stop);
        foreach (var position in positions)
        {
            if (Read(position) is { } record)
            {
                Note(position, record);
            }

            _noted = position;
        }
    }

    private void Note(long position, ErasureRecord record)
    {
        var all = list.All;
        if (all.Select(static one => one.Erasure).FirstOrDefault(one => one.Id == record.ErasureId) is { } known)
        {
            if (known.CompletedAt is null && (known.Position ?? 0) < position)
            {
                list.Write(record.EnvironmentId, "erase", known with { Position = position, RequestId = RequestId.Of(position) });
            }

            return;
        }

        var key = all.Select(static one => one.Erasure.Key).LastOrDefault() ?? Erasure.NewKey();
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
        var generation = reader.Generation;
        var last = due.Max(static one => one.Erasure.Position!.Value);
        var erasing = new RecordErasure();
        foreach (var (_, erasure) in due)
        {
            if (Read(erasure.Position!.Value) is { } record)
            {
                erasing.Add(erasure.Position.Value, record);
            }
        }

        await projector.CompactAsync(stop);
        await projectionBase.RenewAsync(stop);
        foreach (var file in paths.Remains().ToList())
        {
            File.Delete(file);
            Deleted(file);
        }

        var groups = await journal.RewriteAsync(last, erasing.Rewrite, erasing.Mentions, stop);
        await journal.OverwriteRemainsAsync(stop);
        if (reader.Generation != generation)
        {
            await restored.ApplyAsync(due, stop);
            return;
        }

        foreach (var (environmentId, erasure) in due)
        {
            list.Write(environmentId, "erased", erasure with { CompletedAt = time.GetUtcNow() });
        }

        Passed(due.Count, groups, time.GetElapsedTime(started));
    }

    /// <summary>The record of an erasure; null where it was trimmed, and everything before it with it.</summary>
    private ErasureRecord? Read(long position)
    {
        if (journal.ReadAfter(position - 1) is not { } group || group.FirstPosition > position)
        {
            return null;
        }

        var records = group.Records;
        while (true)
        {
            try
            {
                if (!records.MoveNext())
                {
                    return null;
                }

                if (records.Position == position)
                {
                    return RecordKinds.Of(records.Record) == RecordKind.Erasure ? ErasureRecordCodec.Read(records.Record) : null;
                }
            }
            catch (JournalDamagedException)
            {
                // It may stand behind the damage.
            }
        }
    }

    private static List<long> Positions(DuckDB.NET.Data.DuckDBConnection connection, long after)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT position FROM erasures WHERE position > {after} ORDER BY position";
        using var rows = command.ExecuteReader();
        var positions = new List<long>();
        while (rows.Read())
        {
            positions.Add(rows.GetInt64(0));
        }

        return positions;
    }

    [LoggerMessage(LogLevel.Information, "{Erasures} erasures are complete: {Groups} groups of the journal were rewritten, all in {Time}")]
    private partial void Passed(int erasures, int groups, TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "{File} was deleted: it may have held customers who were erased")]
    private partial void Deleted(string file);

    [LoggerMessage(LogLevel.Error, "Erasures were interrupted and begin anew within {Pause}; reports are without the customers, files may still hold them")]
    private partial void Interrupted(Exception fault, TimeSpan pause);
}
