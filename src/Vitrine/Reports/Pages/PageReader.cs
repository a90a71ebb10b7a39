using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Reports.Pages;

/// <summary>Brings pages up to date for one report, and hands them to it.</summary>
/// <remarks>
/// <para>
/// Why figures from pages are exact: a page holds every event of its stretch of time up to its position, and each of
/// them once. A stretch that nothing is known of starts at position 0. In one read transaction, whose state reaches up
/// to position <c>P</c>, the events behind the positions of the stretches are read, each is added to its stretch if it
/// is behind that stretch's own position, and all stretches are then at <c>P</c>. Events are only ever added to the
/// projection, always with their journal position, and whole records at a time; so what is behind a position stays
/// behind it. The exceptions are erasures and retention, which the transaction sees: they drop the environment's pages. Everything else that the report says is read in the same transaction: one state, that of <c>as_of</c>.
/// </para>
/// <para>
/// Whoever has the environment's turn begins his transaction anew, so that it is no older than what the one before him
/// has put into the pages. Stacks are immutable, so that the turn can be given back before the figures are summed.
/// Used by one report's thread, within the projection's gate.
/// </para>
/// </remarks>
internal sealed class PageReader(PageStore store, long generation, CancellationToken stop)
{
    /// <summary>Stretches of time in one report beyond which reading the events is cheaper.</summary>
    private const int MaximumPieces = 20_000;

    /// <summary>
    /// What part of the events must be asked for, so that making pages of all of them takes less time than counting
    /// those alone. A smaller part is counted, and only as many pages are made as do not delay that for long: the
    /// question that is asked again and again finds them made in the end.
    /// </summary>
    private const int SmallShare = 3;

    /// <summary>How many queries' worth of pages are made while a small part is counted: two or three seconds' work at most.</summary>
    private const int QueriesInPassing = 3;

    /// <summary>
    /// Sums the pages of a range, cut at the buckets' borders; null when they would not fit or are not there yet. In
    /// either case the connection is then in a transaction in which the rest of the report is to be read.
    /// </summary>
    /// <param name="connection">In a transaction; it may be in another one afterwards.</param>
    /// <param name="environmentId">Whose pages.</param>
    /// <param name="experienceId">The only experience that is asked for; null: all of them.</param>
    /// <param name="range">The stretch of time.</param>
    /// <param name="buckets">Where it is cut.</param>
    /// <param name="sum">What is done with the pages.</param>
    public T? Read<T>(
        DuckDBConnection connection,
        string environmentId,
        string? experienceId,
        ReportRange range,
        TimeBuckets buckets,
        Func<PagesOfRange, CancellationToken, T> sum)
        where T : class
    {
        T? answer = null;
        try
        {
            if (store.ReportBudget > 0)
            {
                answer = sum(BringUpToDate(connection, environmentId, experienceId, range, buckets), stop);
            }
        }
        catch (WithoutPagesException)
        {
            // Answered from the events themselves.
        }

        store.Metrics.Answered(fromPages: answer is not null);
        return answer;
    }

    private PagesOfRange BringUpToDate(
        DuckDBConnection connection, string environmentId, string? experienceId, ReportRange range, TimeBuckets buckets)
    {
        var pages = store.Follow(generation, environmentId);
        pages.Turn.Wait(stop);
        try
        {
            ProjectionFile.Execute(connection, "COMMIT; BEGIN TRANSACTION READ ONLY");
            return Read(connection, ReportSql.EnvironmentNumber(connection, environmentId), pages, experienceId, range, buckets);
        }
        finally
        {
            pages.Turn.Release();
        }
    }

    private PagesOfRange Read(
        DuckDBConnection connection, int environment, EnvironmentPages pages, string? experienceId, ReportRange range, TimeBuckets buckets)
    {
        var position = ProjectionFile.Position(connection);
        ForgetRemoved(connection, environment, pages);
        pages.Extent = Extend(connection, environment, pages.Extent, position);
        var pieces = buckets
            .Pieces(Math.Max(range.FromSeconds, pages.Extent.Start), Math.Min(range.ToSeconds, pages.Extent.Stop))
            .Take(MaximumPieces + 1)
            .ToArray();
        if (pieces.Length > MaximumPieces)
        {
            throw new WithoutPagesException();
        }

        var stacks = Array.ConvertAll(pieces, piece => store.Find(pages, piece));
        var update = new PageUpdate(connection, environment, pieces, stacks, store.ReportBudget, stop);
        try
        {
            ReadMissing(connection, environment, pages, pieces, stacks, update, position, experienceId);
            update.ReadNewcomers(position);
        }
        finally
        {
            pages.BytesPerEvent = Math.Max(pages.BytesPerEvent, update.BytesPerEvent);
        }

        var current = update.At(position);
        store.Keep(pages, current);
        return new PagesOfRange(environment, pieces, current);
    }

    /// <summary>Events cannot be taken out of pages: where some were erased, or became hourly figures, pages are made anew.</summary>
    private void ForgetRemoved(DuckDBConnection connection, int environment, EnvironmentPages pages)
    {
        var removed = ReportSql.LastRemoval(connection, environment);
        if (removed != pages.RemovedUpTo)
        {
            store.Clear(pages);
            pages.RemovedUpTo = removed;
        }
    }

    private void ReadMissing(
        DuckDBConnection connection,
        int environment,
        EnvironmentPages pages,
        TimePiece[] pieces,
        PageStack?[] stacks,
        PageUpdate update,
        long position,
        string? experienceId)
    {
        var (first, last) = (Array.IndexOf(stacks, null), Array.LastIndexOf(stacks, null));
        if (first < 0)
        {
            return;
        }

        var (events, asked) = Count(connection, environment, pieces[first].Start, pieces[last].End, experienceId);
        events -= stacks[first..last].Sum(static stack => stack?.Pages.Sum(static page => page.Events) ?? 0);
        var present = stacks.Sum(static stack => stack?.Bytes ?? PageStack.EmptyBytes);
        if (present + (events * pages.BytesPerEvent) > store.ReportBudget)
        {
            throw new WithoutPagesException();
        }

        var missing = stacks.Count(static stack => stack is null);
        var piecesAtOnce = (int)Math.Max(1, missing * store.EventsAtOnce / Math.Max(events, store.EventsAtOnce));
        var allowance = asked >= events / SmallShare ? long.MaxValue : QueriesInPassing * store.EventsAtOnce;
        update.ReadMissing(position, piecesAtOnce, allowance, complete => store.Keep(pages, complete));
    }

    /// <summary>Counts the events of a stretch of time, and those of them that are asked for.</summary>
    private static (long Events, long Asked) Count(DuckDBConnection connection, int environment, long from, long to, string? experienceId)
    {
        using var command = ReportSql.Command(
            connection,
            ReportSql.Read("PageCounts"),
            ("environment", environment),
            ("from", from),
            ("to", to),
            ("experience", (object?)experienceId ?? DBNull.Value));
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static EventExtent Extend(DuckDBConnection connection, int environment, EventExtent known, long position)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT min(event_time), max(event_time) + 1 FROM events WHERE environment = $environment AND position > $after",
            ("environment", environment),
            ("after", known.Position));
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0)
            ? new EventExtent(position, Math.Min(known.First, reader.GetInt64(0)), Math.Max(known.End, reader.GetInt64(1)))
            : known with { Position = position };
    }
}

/// <summary>The pages of a report.</summary>
/// <param name="Environment">The number of the environment.</param>
/// <param name="Pieces">The stretches of time, in their order.</param>
/// <param name="Stacks">What happened in each of them, all up to the same position.</param>
internal sealed record PagesOfRange(int Environment, TimePiece[] Pieces, PageStack[] Stacks);
