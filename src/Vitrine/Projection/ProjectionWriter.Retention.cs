using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>
/// Retention. Events that happened before a moment become figures of their hours within the batch's transaction. Of each,
/// its place and its uuid stay, so that the books balance and a repetition is told, whenever it comes. Customers of whom
/// nothing else is known are forgotten; their numbers are not given again. Which events go, the record says alone, so that a
/// projection that is built anew comes to the same.
/// </remarks>
internal sealed partial class ProjectionWriter
{
    private void ApplyRetention(long position, ReadOnlySpan<byte> record)
    {
        RetentionRecord retention;
        try
        {
            retention = RetentionRecordCodec.Read(record);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return;
        }

        _receivedAt = retention.ReceivedAt;
        PendingEvents++;
        var environmentId = Encoding.UTF8.GetBytes(retention.EnvironmentId);
        var environment = EnvironmentNumber(environmentId);
        _tables.Flush(); // What the batch has counted so far is to be found.
        var going = string.Create(CultureInfo.InvariantCulture, $"environment = {environment} AND event_time < {retention.Until} AND position <= {retention.UpTo}");
        _behaviours?.NoteGone(environmentId, _connection, going);
        Roll(going, retention.HourOffset);
        KeepConversions(environment, retention.Conversions);
        ForgetCustomersWithoutEvents(environment);
        ProjectionFile.Execute(_connection, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO retentions VALUES ({position}, {environment}, {retention.ReceivedAt}, {retention.Until})"));
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
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO rolled_conversions VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, CAST($15 AS DECIMAL(38, 6)), $16)";
        foreach (var one in conversions)
        {
            command.Parameters.Clear();
            foreach (var value in new object?[]
            {
                environment, one.Place.StartsAt, one.Place.ExperienceId, one.Place.VariationId, one.Place.AudienceId, one.Place.LocaleId,
                (byte)one.Place.Platform, one.Place.ClickTarget, one.Model, one.Goal, one.Conversions, one.UniqueConversions,
                one.Revenue is not null, one.Revenue?.Currency, (one.Revenue?.Amount ?? 0).ToString(CultureInfo.InvariantCulture), one.Revenue?.WithoutAmount ?? 0,
            })
            {
                command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
            }

            command.ExecuteNonQuery();
        }
    }

    /// <summary>Customers of an environment of whom there are neither events nor a profile, which one may be about to get.</summary>
    private void ForgetCustomersWithoutEvents(int environment)
    {
        var changing = string.Join(", ", _profiles.Customers.Append(0).Select(static customer => customer.ToString(CultureInfo.InvariantCulture)));
        ProjectionFile.Execute(_connection, string.Create(CultureInfo.InvariantCulture, $"""
            CREATE TEMPORARY TABLE IF NOT EXISTS leaving (customer INTEGER NOT NULL, customer_id VARCHAR NOT NULL);
            DELETE FROM leaving;
            INSERT INTO leaving
            SELECT customer, customer_id
            FROM customers
            ANTI JOIN (SELECT DISTINCT customer FROM events WHERE environment = {environment}) e USING (customer)
            ANTI JOIN (SELECT DISTINCT customer FROM goal_events WHERE environment = {environment}) g USING (customer)
            ANTI JOIN profiles USING (customer)
            WHERE environment = {environment} AND customer NOT IN ({changing});
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
