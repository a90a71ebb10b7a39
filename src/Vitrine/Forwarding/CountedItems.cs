using System.Collections.Concurrent;
using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Forwarding;

/// <summary>
/// Leaves out what does not count: events that had been counted before, and whatever is of customers who were erased
/// while the journal's file still waits to be written anew.
/// </summary>
internal sealed class CountedItems(IJournal journal, Projector projector, ProjectionReader reader)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Erasures that are complete: their records name nobody any more, and never will.</summary>
    private readonly ConcurrentDictionary<long, bool> _complete = [];

    /// <summary>Those that count, once the projection has reached the last position. Null: it has not yet, or cannot be read; to be asked again.</summary>
    public async Task<IReadOnlyList<ForwardedItem>?> OfAsync(string environmentId, IReadOnlyList<ForwardedItem> items, long last, CancellationToken cancellation)
    {
        if (items.Count == 0)
        {
            return items;
        }

        if (!await projector.WaitForAsync(last, Patience, cancellation, isUrgent: false))
        {
            return null;
        }

        try
        {
            var (first, end) = (items[0].Position, items[^1].Position);
            var (leftOut, erasures) = await reader.MaintainAsync(connection => (Places(connection, environmentId, first, end), Erasures(connection, environmentId, first)), cancellation);
            return Counted(items, leftOut, [.. erasures.Where(position => !_complete.ContainsKey(position)).Select(position => (position, Find(position))).Where(static one => one.Item2 is not null)!]);
        }
        catch (Exception fault) when (fault is ProjectionUnavailableException or ProjectionLimitException or DuckDBException)
        {
            return null;
        }
    }

    /// <summary>Of the items that count the first of each element sets its attributes, as with us.</summary>
    private static List<ForwardedItem> Counted(IReadOnlyList<ForwardedItem> items, HashSet<(long, int, int)> leftOut, List<(long Position, ErasureRecord? Erasure)> erasures)
    {
        var counted = new List<ForwardedItem>(items.Count);
        foreach (var item in items)
        {
            if (leftOut.Contains((item.Position, item.Element, item.Action)) || erasures.Any(one => IsErased(item, one.Position, one.Erasure!)))
            {
                continue;
            }

            counted.Add(item.IsOfExperience && counted.Count > 0 && counted[^1] is var before && before.Position == item.Position && before.Element == item.Element
                ? item with { UserAttributes = default }
                : item);
        }

        return counted;
    }

    private static bool IsErased(ForwardedItem item, long position, ErasureRecord erasure) =>
        item.Position < position && item.ReceivedAt < (erasure.Before ?? long.MaxValue) && erasure.Customers.Contains(item.CustomerId, StringComparer.Ordinal);

    /// <summary>Whom an erasure is about, as long as the journal knows.</summary>
    private ErasureRecord? Find(long position)
    {
        try
        {
            if (journal.Find(position) is { } record && RecordKinds.Of(record) == RecordKind.Erasure && ErasureRecordCodec.Read(record) is var erasure && erasure.Customers.Any(static one => one.Length > 0))
            {
                return erasure;
            }
        }
        catch (InvalidDataException)
        {
            // The projection has noted it in its quarantine, and erased nobody.
        }

        _complete[position] = true;
        return null;
    }

    private static HashSet<(long, int, int)> Places(DuckDBConnection connection, string environmentId, long first, long last)
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(CultureInfo.InvariantCulture, $"""
            SELECT position, element_index, action_index
            FROM (
              SELECT environment, position, element_index, action_index FROM duplicates WHERE position BETWEEN {first} AND {last}
              UNION ALL
              SELECT environment, position, element_index, action_index FROM erased_events WHERE position BETWEEN {first} AND {last})
            JOIN environments USING (environment) WHERE id = $id
            """);
        command.Parameters.Add(new DuckDBParameter("id", environmentId));
        using var rows = command.ExecuteReader();
        var places = new HashSet<(long, int, int)>();
        while (rows.Read())
        {
            places.Add((rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2)));
        }

        return places;
    }

    private static List<long> Erasures(DuckDBConnection connection, string environmentId, long first)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT e.position FROM erasures e JOIN environments n USING (environment) WHERE n.id = $id AND e.position > $first";
        command.Parameters.Add(new DuckDBParameter("id", environmentId));
        command.Parameters.Add(new DuckDBParameter("first", first));
        using var rows = command.ExecuteReader();
        var positions = new List<long>();
        while (rows.Read())
        {
            positions.Add(rows.GetInt64(0));
        }

        return positions;
    }
}
