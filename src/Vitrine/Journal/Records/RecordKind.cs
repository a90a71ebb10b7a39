namespace Vitrine.Journal.Records;

/// <summary>The first byte of a record: how the rest is to be read.</summary>
public enum RecordKind : byte
{
    /// <summary>A request to <c>POST /v1/experiences/events</c>, accepted or refused.</summary>
    ExperienceEvents = 1,

    /// <summary>How often experiences were delivered, see <see cref="Records.DeliveredCounts"/>.</summary>
    DeliveredCounts = 2,

    /// <summary>Attributes that were set on the profile of a customer.</summary>
    CustomerProfile = 3,

    /// <summary>The removal of a customer's profile.</summary>
    CustomerRemoval = 4,

    /// <summary>A request to <c>POST /v1/event/{workspaceId}</c>, accepted or refused.</summary>
    GoalEvents = 5,

    /// <summary>Customers that are to be erased, see <see cref="ErasureRecord"/>.</summary>
    Erasure = 6,

    /// <summary>A record of which an erasure has left nothing.</summary>
    Erased = 7,

    /// <summary>Single events that become hourly figures, see <see cref="RetentionRecord"/>.</summary>
    Retention = 8,
}

/// <summary>Tells records apart.</summary>
public static class RecordKinds
{
    /// <summary>The kind that a record says it is of; 0, which none is, when it is empty.</summary>
    public static RecordKind Of(ReadOnlySpan<byte> record) => record.IsEmpty ? 0 : (RecordKind)record[0];
}
