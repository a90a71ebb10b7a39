using System.Text.Json.Serialization;

namespace Vitrine.Cluster.Snapshots;

/// <summary>A file as it was at one position, and in which parts it lies in the shared place.</summary>
/// <param name="Id">Its name there: the position, so that names are ordered as positions are, and something of its own.</param>
/// <param name="Layout">The version of what is in the file; others cannot be opened.</param>
/// <param name="Position">Up to which position, or message, the file is.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="Parts">The parts, in their order.</param>
internal sealed record Snapshot(string Id, int Layout, long Position, DateTimeOffset TakenAt, IReadOnlyList<SnapshotPart> Parts);

/// <summary>A part of a file.</summary>
/// <param name="Bytes">Of the file, at most 32 MiB; in the shared place they are compressed with Zstandard.</param>
/// <param name="Sha256">Of those bytes, in hexadecimal.</param>
internal sealed record SnapshotPart(int Bytes, string Sha256);

/// <summary>How a snapshot is written down.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
