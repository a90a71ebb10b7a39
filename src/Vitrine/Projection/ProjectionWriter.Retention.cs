using System.Globalization;
using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>
/// Retention. Events that happened before a moment become figures of their hours within the batch's transaction. Of each,
/// its place and its uuid stay, so that the books balance and a repetition is told, whenever it comes. Customers of whom
/// nothing else is known are forgotten; their numbers are not given again. Which events go, the record says alone, so that a
/// projection that is built anew comes to the same, but for what was erased since: that is not in the journal any more.
/// </remarks>
internal sealed partial class ProjectionWriter
{
    private readonly HashSet<int> _emptied = []; // Environments of which the batch took events away.

    private void ApplyRetention(long position, ReadOnlySpan<byte> record)
    {
        if (ReadOrQuarantine(position, record, RetentionRecordCodec.Read) is not { } retention)
        {
            return;
        }

        _receivedAt = retention.ReceivedAt;
        PendingEvents++;
        var environmentId = Encoding.UTF8.GetBytes(retention.EnvironmentId);
        var environment = EnvironmentNumber(environmentId);
        if (IsRepeated(environment, retention.UpTo))
        {
            return;
        }

        _tables.Flush(); // What the batch has counted so far is to be found.
        var going = string.Create(CultureInfo.InvariantCulture, $"environment = {environment} AND event_time < {retention.Until} AND position <= {retention.UpTo}");
        _behaviours?.NoteGone(environmentId, _connection, going, retention.ReceivedAt / 1000);
        foreach (var (from, to) in Slices(going))
        {
            Roll(string.Create(CultureInfo.InvariantCulture, $"{going} AND event_time >= {from} AND event_time < {to}"), retention.HourOffset);
        }

        KeepConversions(environment, retention.Conversions);
        _emptied.Add(environment);
        ProjectionFile.Execute(_connection, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO retentions VALUES ({position}, {environment}, {retention.ReceivedAt}, {retention.Until})"));
    }

    /// <summary>
    /// Whether another record came between what was looked at for one and its place in the journal: it was made without
    /// knowing of that one, by a leader of a cluster that was none any more, or where an append was thought to have failed.
    /// The next look finds whatever is left.
    /// </summary>
    private bool IsRepeated(int environment, long upTo) => Convert.ToInt64(
        ProjectionFile.Scalar(_connection, string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM retentions WHERE environment = {environment} AND position > {upTo}")), null) > 0;

    /// <summary>Stretches of whole hours with about as many events as DuckDB can group at once in the least memory that it is given.</summary>
    private List<(long From, long To)> Slices(string going)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"""
            SELECT event_time // 3600 AS hour, count(*)
            FROM (SELECT event_time FROM events WHERE {going} UNION ALL SELECT event_time FROM goal_events WHERE {going})
            GROUP BY hour ORDER BY hour
            """;
        using var rows = command.ExecuteReader();
        var slices = new List<(long From, long To)>();
        var events = long.MaxValue;
        while (rows.Read())
        {
            var (hour, count) = (rows.GetInt64(0), rows.GetInt64(1));
            if (events >= _options.RetentionEventsAtOnce)
            {
                slices.Add((hour * 3600, 0));
                events = 0;
            }

            events += count;
            slices[^1] = slices[^1] with { To = (hour + 1) * 3600 };
        }

        return slices;
    }

    private void Roll(string going, int hourOffset)
    {
        var hour = string.Create(CultureInfo.InvariantCulture, $"((event_time + {hourOffset}) // 3600 * 3600 - {hourOffset})");
        ProjectionFile.Execute(_connection, $"""
            INSERT INTO rolled_figures
            SELECT environment, {hour} AS starts_at, context, platform, action, coalesce(click_target, 0), count(*)
            FROM events WHERE {going} GROUP BY ALL ORDER BY ALL;

            INSERT INTO rolled_customers
            SELECT environment, starts_at, context, platform, action, click_target, {CustomerSketch.Register} AS register, max({CustomerSketch.Rank})
            FROM (
              SELECT e.* EXCLUDE (customer), {CustomerSketch.Hash("customer_id")} AS hash
              FROM (
                SELECT DISTINCT environment, {hour} AS starts_at, context, platform, action, coalesce(click_target, 0) AS click_target, customer
                FROM events WHERE {going}) e
              JOIN customers c ON c.customer = e.customer)
            GROUP BY ALL ORDER BY ALL;

            INSERT INTO rolled_events
            SELECT environment, uuid, received_at, position, element_index, action_index FROM events WHERE {going}
            UNION ALL
            SELECT environment, uuid, received_at, position, {GoalRequest.NoElement}, action_index FROM goal_events WHERE {going}
            ORDER BY position, element_index, action_index;

            DELETE FROM events WHERE {going};
            DELETE FROM goal_events WHERE {going};
            """);
    }

    private void KeepConversions(int environment, IReadOnlyList<HourlyConversions> conversions)
    {
        var rows = _tables.RolledConversions;
        foreach (var one in conversions)
        {
            rows.Set(0, environment);
            rows.Set(1, one.Place.StartsAt);
            rows.SetText(2, one.Place.ExperienceId);
            rows.SetText(3, one.Place.VariationId);
            rows.SetText(4, one.Place.AudienceId);
            rows.SetText(5, one.Place.LocaleId);
            rows.Set(6, (byte)one.Place.Platform);
            rows.SetText(7, one.Place.ClickTarget);
            rows.Set(8, one.Model);
            rows.SetText(9, one.Goal);
            rows.Set(10, one.Conversions);
            rows.Set(11, one.UniqueConversions);
            rows.Set(12, one.Revenue is not null);
            rows.SetText(13, one.Revenue?.Currency);
            rows.Set(14, (Int128)((one.Revenue?.Amount ?? 0) * 1_000_000));
            rows.Set(15, one.Revenue?.WithoutAmount ?? 0);
            rows.EndRow();
        }
    }

    /// <summary>At the end of a batch, when profiles are written: of its emptied environments, the customers of whom there are neither events nor a profile.</summary>
    private void ForgetCustomersWithoutEvents()
    {
        foreach (var environment in _emptied)
        {
            ForgetCustomersWithoutEvents(environment);
        }

        _emptied.Clear();
    }

    private void ForgetCustomersWithoutEvents(int environment)
    {
        ProjectionFile.Execute(_connection, string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TEMPORARY TABLE IF NOT EXISTS leaving (customer INTEGER NOT NULL, customer_id VARCHAR NOT NULL);
            DELETE FROM leaving;
            INSERT INTO leaving
            SELECT customer, customer_id
            FROM customers
            ANTI JOIN (SELECT DISTINCT customer FROM events WHERE environment = {environment}) e USING (customer)
            ANTI JOIN (SELECT DISTINCT customer FROM goal_events WHERE environment = {environment}) g USING (customer)
            ANTI JOIN profiles USING (customer)
            WHERE environment = {environment};
            """));
        using (var rows = new ChunkReader(_connection, "SELECT customer_id FROM leaving"))
        {
            while (rows.Read())
            {
                var customerIds = rows.TextColumn(0);
                for (var row = 0; row < rows.Rows; row++)
                {
                    _identities.Customers.Forget(environment, customerIds[row]);
                }
            }
        }

        ProjectionFile.Execute(_connection, """
            DELETE FROM customers WHERE customer IN (SELECT customer FROM leaving);
            INSERT INTO erased_customers SELECT customer FROM leaving;
            DELETE FROM leaving;
            """);
    }
}
