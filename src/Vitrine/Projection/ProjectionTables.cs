using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Vitrine.Projection;

/// <summary>The appenders of the projection's tables, columns as in <c>Sql/Schema.sql</c>.</summary>
internal sealed class ProjectionTables(DuckDBConnection connection) : IDisposable
{
    /// <summary>Environments by number.</summary>
    public ChunkAppender Environments { get; } = new(connection, "environments", DuckDBType.Integer, DuckDBType.Varchar);

    /// <summary>Customers by number.</summary>
    public ChunkAppender Customers { get; } = new(connection, "customers", DuckDBType.Integer, DuckDBType.Integer, DuckDBType.Varchar);

    /// <summary>Click targets by number.</summary>
    public ChunkAppender ClickTargets { get; } = new(connection, "click_targets", DuckDBType.Integer, DuckDBType.Integer, DuckDBType.Varchar);

    /// <summary>Experience contexts by number.</summary>
    public ChunkAppender Contexts { get; } = new(
        connection,
        "contexts",
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar);

    /// <summary>Every event that counts.</summary>
    public ChunkAppender Events { get; } = new(
        connection,
        "events",
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.Uuid,
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.Varchar);

    /// <summary>Names of goal events by number.</summary>
    public ChunkAppender EventNames { get; } = new(connection, "event_names", DuckDBType.Integer, DuckDBType.Integer, DuckDBType.Varchar);

    /// <summary>Every goal event that counts.</summary>
    public ChunkAppender GoalEvents { get; } = new(
        connection,
        "goal_events",
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Integer,
        DuckDBType.Uuid,
        DuckDBType.Integer,
        DuckDBType.Varchar,
        DuckDBType.Varchar);

    /// <summary>Every event that had been counted before.</summary>
    public ChunkAppender Duplicates { get; } = new(
        connection,
        "duplicates",
        DuckDBType.Integer,
        DuckDBType.Uuid,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Integer,
        DuckDBType.Integer);

    /// <summary>Every event that was refused.</summary>
    public ChunkAppender Rejections { get; } = new(
        connection,
        "rejections",
        DuckDBType.Integer,
        DuckDBType.Uuid,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Integer,
        DuckDBType.Integer,
        DuckDBType.UnsignedTinyInt);

    /// <summary>What is left of events whose customers were erased.</summary>
    public ChunkAppender ErasedEvents { get; } = new(
        connection,
        "erased_events",
        DuckDBType.Integer,
        DuckDBType.Uuid,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Integer,
        DuckDBType.Integer);

    /// <summary>What goal events counted for in hours of which single events are not kept.</summary>
    public ChunkAppender RolledConversions { get; } = new(
        connection,
        "rolled_conversions",
        DuckDBType.Integer,
        DuckDBType.BigInt,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.Varchar,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.Varchar,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.Varchar,
        DuckDBType.BigInt,
        DuckDBType.BigInt,
        DuckDBType.Boolean,
        DuckDBType.Varchar,
        DuckDBType.HugeInt,
        DuckDBType.BigInt);

    /// <summary>What came through the door.</summary>
    public ChunkAppender Intake { get; } = new(
        connection,
        "intake",
        DuckDBType.Integer,
        DuckDBType.BigInt,
        DuckDBType.UnsignedTinyInt,
        DuckDBType.BigInt,
        DuckDBType.BigInt);

    /// <summary>What users are like.</summary>
    public ChunkAppender Profiles { get; } = new(connection, "profiles", DuckDBType.Integer, DuckDBType.BigInt, DuckDBType.Varchar);

    /// <summary>Journal records that could not be read.</summary>
    public ChunkAppender Quarantine { get; } = new(connection, "quarantine", DuckDBType.BigInt, DuckDBType.BigInt, DuckDBType.Varchar);

    /// <summary>Hands all rows but those of the profiles to the transaction.</summary>
    public void Flush()
    {
        Environments.Flush();
        Customers.Flush();
        ClickTargets.Flush();
        Contexts.Flush();
        Events.Flush();
        EventNames.Flush();
        GoalEvents.Flush();
        Duplicates.Flush();
        Rejections.Flush();
        ErasedEvents.Flush();
        RolledConversions.Flush();
        Intake.Flush();
        Quarantine.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Environments.Dispose();
        Customers.Dispose();
        ClickTargets.Dispose();
        Contexts.Dispose();
        Events.Dispose();
        EventNames.Dispose();
        GoalEvents.Dispose();
        Duplicates.Dispose();
        Rejections.Dispose();
        ErasedEvents.Dispose();
        RolledConversions.Dispose();
        Intake.Dispose();
        Profiles.Dispose();
        Quarantine.Dispose();
    }
}
