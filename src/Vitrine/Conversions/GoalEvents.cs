using System.Globalization;
using DuckDB.NET.Data;
using Vitrine.Projection;

namespace Vitrine.Conversions;

/// <summary>The goal events of a stretch of time, customer by customer in the order in which they happened.</summary>
internal sealed class GoalEvents
{
    /// <summary>How many can be looked at for one answer: with what sorting and attributing them takes, some 750 MB.</summary>
    public const int Maximum = 5_000_000;

    private readonly GoalEvent[] _events;
    private readonly long[] _times; // The same ones' alone: they are searched ten times as often as anything else is read.
    private readonly int[] _starts; // By customer; behind the last customer the end.

    private GoalEvents(GoalEvent[] events, int[] starts, IReadOnlyList<string?> currencies) =>
        (_events, _times, _starts, Currencies) = (events, Array.ConvertAll(events, static one => one.Time), starts, currencies);

    /// <summary>The currencies that occur; null is one that nobody named.</summary>
    public IReadOnlyList<string?> Currencies { get; }

    /// <summary>The events.</summary>
    public ReadOnlySpan<GoalEvent> All => _events;

    /// <summary>When they happened.</summary>
    public ReadOnlySpan<long> Times => _times;

    /// <summary>Reads the events that reach any of the goals.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="goals">The goals.</param>
    /// <param name="from">Unix seconds.</param>
    /// <param name="to">The end, which does not belong to it.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TooManyGoalEventsException">There are more than <see cref="Maximum"/>.</exception>
    public static GoalEvents Read(DuckDBConnection connection, int environment, ExperienceGoals goals, long from, long to, CancellationToken stop)
    {
        var names = Names(connection, environment, goals);
        var found = new List<GoalEvent>();
        var reading = new GoalEventReading(goals);
        if (names.Count > 0)
        {
            using var rows = new ChunkReader(connection, Sql(environment, goals, names.Keys, from, to));
            while (rows.Read())
            {
                stop.ThrowIfCancellationRequested();
                Take(rows, names, reading, found);
            }
        }

        return Of(found, reading.Currencies);
    }

    /// <summary>Where a customer's events begin and where they end.</summary>
    public (int First, int End) Of(int customer) => customer < _starts.Length - 1 ? (_starts[customer], _starts[customer + 1]) : default;

    /// <summary>Sorts events: by counting per customer, and the few of each by comparing.</summary>
    internal static GoalEvents Of(List<GoalEvent> found, IReadOnlyList<string?> currencies)
    {
        var starts = new int[found.Count == 0 ? 1 : found.Max(static one => one.Customer) + 2];
        foreach (var one in found)
        {
            starts[one.Customer + 1]++;
        }

        for (var customer = 1; customer < starts.Length; customer++)
        {
            starts[customer] += starts[customer - 1];
        }

        var next = starts.ToArray();
        var events = new GoalEvent[found.Count];
        foreach (var one in found)
        {
            events[next[one.Customer]++] = one;
        }

        for (var customer = 0; customer < starts.Length - 1; customer++)
        {
            if (starts[customer + 1] - starts[customer] > 1)
            {
                events.AsSpan(starts[customer]..starts[customer + 1]).Sort(static (left, right) => left.Time.CompareTo(right.Time));
            }
        }

        return new GoalEvents(events, starts, currencies);
    }

    private static void Take(ChunkReader rows, Dictionary<int, List<int>> names, GoalEventReading reading, List<GoalEvent> found)
    {
        var events = rows.Column<int>(0);
        var customers = rows.Column<int>(1);
        var times = rows.Column<long>(2);
        var attributes = rows.TextColumn(3);
        for (var row = 0; row < rows.Rows; row++)
        {
            reading.Read(names[events[row]], customers[row], times[row], attributes[row], found);
        }

        if (found.Count > Maximum)
        {
            throw new TooManyGoalEventsException();
        }
    }

    /// <summary>For the numbers of the events' names, the goals that they reach.</summary>
    private static Dictionary<int, List<int>> Names(DuckDBConnection connection, int environment, ExperienceGoals goals)
    {
        var byName = goals.Goals.Select(static (goal, index) => (goal.Event, index)).ToLookup(static one => one.Event, static one => one.index, StringComparer.Ordinal);
        var names = new Dictionary<int, List<int>>();
        foreach (var name in byName)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT event_name FROM event_names WHERE environment = $environment AND name = $name";
            command.Parameters.Add(new DuckDBParameter("environment", environment));
            command.Parameters.Add(new DuckDBParameter("name", name.Key));
            if (command.ExecuteScalar() is int number)
            {
                names.Add(number, [.. name]);
            }
        }

        return names;
    }

    private static string Sql(int environment, ExperienceGoals goals, IEnumerable<int> names, long from, long to) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT event_name, customer, event_time, {(goals.Names.Count > 0 ? "coalesce(attributes, '')" : "''")}
        FROM goal_events
        WHERE environment = {environment} AND event_time >= {from} AND event_time < {to} AND event_name IN ({string.Join(", ", names)})
        """);
}

/// <summary>There are more goal events than one answer can look at.</summary>
public sealed class TooManyGoalEventsException() : Exception(
    $"There are more than {GoalEvents.Maximum:N0} goal events in the range. Ask for a shorter one.");
