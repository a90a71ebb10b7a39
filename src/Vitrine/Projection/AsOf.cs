using System.Text.Json.Serialization;
using DuckDB.NET.Data;
using Vitrine.Hosting;

namespace Vitrine.Projection;

/// <summary>Up to which journal record an answer is complete.</summary>
/// <param name="Position">Its position; 0 before the first.</param>
/// <param name="ReceivedAt">When it was received; null before the first.</param>
public sealed record AsOf(
    [property: JsonPropertyName("position")] long Position, [property: JsonPropertyName("received_at")] string? ReceivedAt)
{
    /// <summary>How far the projection reaches, within the transaction that reads the rest.</summary>
    public static AsOf Read(DuckDBConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, received_at FROM projection_state";
        using var reader = command.ExecuteReader();
        reader.Read();
        var position = reader.GetInt64(0);
        return new AsOf(position, position == 0 ? null : Timestamps.FromMilliseconds(reader.GetInt64(1)));
    }
}
