using System.Globalization;

namespace Vitrine.Projection.Behaviours;

/// <summary>Counts in SQL what customers did: customer by customer, in quarters of an hour.</summary>
/// <remarks>Offsets of zones are whole quarters of an hour since long before 2010, the earliest time that an event may have: a quarter lies within one day.</remarks>
internal static class BehaviourSql
{
    /// <summary>Seconds of a quarter of an hour.</summary>
    public const long Quarter = 900;

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

    /// <summary>The query.</summary>
    /// <param name="question">What is counted.</param>
    /// <param name="oldest">Unix seconds; what happened earlier is one row for each customer.</param>
    /// <param name="which">A condition that holds for the events that are meant; null: all.</param>
    public static string Of(BehaviourQuestion question, long oldest, string? which = null) => (question.Action is null ? Goals : Touches)
        .Replace("{oldest}", (oldest / Quarter).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{action}", ((int)(question.Action ?? 0)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{which}", which ?? "true", StringComparison.Ordinal)
        .Replace("{environment}", Literal(question.EnvironmentId), StringComparison.Ordinal)
        .Replace("{name}", Literal(question.Name), StringComparison.Ordinal);

    /// <summary>What is read by chunks takes no parameters.</summary>
    private static string Literal(string? text) => text is null ? "NULL" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
