namespace Vitrine.Projection;

/// <summary>How far the reports reach.</summary>
/// <param name="Position">The last projected record.</param>
/// <param name="ReceivedAt">Unix milliseconds at which it was received; 0 when there is none.</param>
public sealed record ProjectionProgress(long Position, long ReceivedAt);
