using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Projection.Behaviours;

/// <summary>Counts in SQL what customers did: customer by customer, in quarters of an hour.</summary>
/// <remarks>Offsets of zones are whole quarters of an hour since long before 2010, the earliest time that an event may have: a quarter lies within one day.</remarks>
internal static class BehaviourSql
{
    private const long Quarter = 900;

    /// <summary>Behind so many seconds no window reaches in any zone.</summary>
    public const long OldestSeconds = (BehaviourWatch.LongestWindow + 2) * 86_400L;

    private const string Touches = """
        SELECT c.customer_id, greatest(e.event_time // 900, {oldest}), count(*)
        FROM (SELECT * FROM events WHERE {which}) e
        JOIN contexts x ON x.context = e.context
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = {environment} AND e.action = {action} AND ({name} IS NULL OR x.experience_id = {name})
        GROUP BY ALL
        """;

    private const string Goals = """
        SELECT c.customer_id, greatest(e.event_time // 900, {oldest}), count(*)
        FROM (SELECT * FROM goal_events WHERE {which}) e
        JOIN event_names x ON x.event_name = e.event_name
        JOIN customers c ON c.customer = e.customer
        JOIN environments n ON n.environment = e.environment
        WHERE n.id = {environment} AND x.name = {name}
        GROUP BY ALL
        """;

    /// <summary>Reads the counts of a watch, one by one.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="watch">What is counted.</param>
    /// <param name="oldest">Unix seconds; what happened earlier is one count for each customer.</param>
    /// <param name="which">A condition that holds for the events that are meant.</param>
    /// <param name="take">Gets the customer, Unix seconds of a quarter of an hour, and how often it was done in it.</param>
    /// <param name="stop">Ends it.</param>
    public static void Read(DuckDBConnection connection, BehaviourWatch watch, long oldest, string which, Action<TextKey, long, int> take, CancellationToken stop)
    {
        using var rows = new ChunkReader(connection, Of(watch.Question, oldest, which));
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            var customers = rows.TextColumn(0);
            var quarters = rows.Column<long>(1);
            var counts = rows.Column<long>(2);
            for (var row = 0; row < rows.Rows; row++)
            {
                take(watch.KeyOf(customers[row]), quarters[row] * Quarter, (int)counts[row]);
            }
        }
    }

    private static string Of(BehaviourQuestion question, long oldest, string which) => (question.Action is null ? Goals : Touches)
        .Replace("{oldest}", (oldest / Quarter).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{action}", ((int)(question.Action ?? 0)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{which}", which, StringComparison.Ordinal)
        .Replace("{environment}", Literal(question.EnvironmentId), StringComparison.Ordinal)
        .Replace("{name}", Literal(question.Name), StringComparison.Ordinal);

    /// <summary>What is read by chunks takes no parameters.</summary>
    private static string Literal(string? text) => text is null ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
