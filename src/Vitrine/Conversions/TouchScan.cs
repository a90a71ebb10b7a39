using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Conversions;

/// <summary>Reads the impressions and clicks of an experience once, for all who want to look at them.</summary>
/// <remarks>
/// One thread takes the rows out of DuckDB, which decodes them on the way, and another one looks at them: each takes about
/// as long. Buffers go to and fro between the two; at most <see cref="Buffers"/> of them are filled at once. Whatever fails
/// on either side ends both and is thrown to the caller. Readers are called by one thread at a time, and everything they
/// did is done when this returns.
/// </remarks>
internal static class TouchScan
{
    private const int Buffers = 8;
    private const int BufferLength = 16 * 1024;
    private const int ChunkLength = 2048;

    /// <summary>Reads the touches of a stretch of time.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="contexts">Of the experience.</param>
    /// <param name="from">Unix seconds.</param>
    /// <param name="to">The end, which does not belong to it.</param>
    /// <param name="withClickTargets">Whether anybody asks what was clicked.</param>
    /// <param name="readers">Who looks at them.</param>
    /// <param name="stop">Ends it.</param>
    public static void Read(
        DuckDBConnection connection,
        ExperienceContexts contexts,
        long from,
        long to,
        bool withClickTargets,
        IReadOnlyList<ITouchReader> readers,
        CancellationToken stop)
    {
        if (contexts.All.Count == 0)
        {
            return;
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var filled = new BlockingCollection<(Touch[] Touches, int Count)>(Buffers);
        var emptied = new ConcurrentBag<Touch[]>();
        var looking = Task.Factory.StartNew(
            () => Look(filled, emptied, readers, failed), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Fill(connection, Sql(contexts, from, to, withClickTargets), contexts, filled, emptied, failed.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The other side failed; what it threw is thrown below.
        }
        finally
        {
            filled.CompleteAdding();
            ((IAsyncResult)looking).AsyncWaitHandle.WaitOne();
        }

        looking.GetAwaiter().GetResult();
    }

    private static void Fill(
        DuckDBConnection connection,
        string sql,
        ExperienceContexts contexts,
        BlockingCollection<(Touch[] Touches, int Count)> filled,
        ConcurrentBag<Touch[]> emptied,
        CancellationToken stop)
    {
        using var rows = new ChunkReader(connection, sql);
        var touches = new Touch[BufferLength];
        var count = 0;
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            if (count + Math.Max(ChunkLength, rows.Rows) > touches.Length)
            {
                filled.Add((touches, count), stop);
                touches = emptied.TryTake(out var empty) ? empty : new Touch[BufferLength];
                count = 0;
            }

            count += Take(rows, contexts, touches.AsSpan(count));
        }

        filled.Add((touches, count), stop);
    }

    private static void Look(
        BlockingCollection<(Touch[] Touches, int Count)> filled, ConcurrentBag<Touch[]> emptied, IReadOnlyList<ITouchReader> readers, CancellationTokenSource failed)
    {
        try
        {
            foreach (var (touches, count) in filled.GetConsumingEnumerable(failed.Token))
            {
                foreach (var reader in readers)
                {
                    reader.Add(touches.AsSpan(0, count));
                }

                emptied.Add(touches);
            }
        }
        catch
        {
            failed.Cancel();
            throw;
        }
    }

    private static int Take(ChunkReader rows, ExperienceContexts contexts, Span<Touch> touches)
    {
        var numbers = rows.Column<int>(0);
        var customers = rows.Column<int>(1);
        var actions = rows.Column<byte>(2);
        var platforms = rows.Column<byte>(3);
        var targets = rows.Column<int>(4);
        var times = rows.Column<long>(5);
        var count = 0;
        for (var row = 0; row < rows.Rows; row++)
        {
            if (contexts.PlaceOf(numbers[row]) is >= 0 and var place)
            {
                touches[count++] = new Touch(times[row], customers[row], place, targets[row], (EventAction)actions[row], (Platform)platforms[row]);
            }
        }

        return count;
    }

    private static string Sql(ExperienceContexts contexts, long from, long to, bool withClickTargets) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT context, customer, action, platform, {(withClickTargets ? "coalesce(click_target, 0)" : "0")}, event_time
        FROM events
        WHERE environment = {contexts.Environment} AND event_time >= {from} AND event_time < {to} AND {contexts.Sql("context")}
        """);
}
