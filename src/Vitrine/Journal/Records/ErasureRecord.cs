namespace Vitrine.Journal.Records;

/// <summary>Customers are to be erased: whatever stands before this record about them goes.</summary>
/// <param name="ReceivedAt">Unix milliseconds at which the server had read the request.</param>
/// <param name="EnvironmentId">Whose customers they are.</param>
/// <param name="ErasureId">By which the erasure is known in the list of erasures.</param>
/// <param name="By">Who asked for it; never the customer.</param>
/// <param name="Before">Unix milliseconds: only what was received earlier goes; null: all that stands before.</param>
/// <param name="Customers">Their ids; empty ones once everything about them, this too, is erased from the journal.</param>
public sealed record ErasureRecord(
    long ReceivedAt, string EnvironmentId, string ErasureId, string By, long? Before, IReadOnlyList<string> Customers);
