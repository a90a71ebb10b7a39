using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Vitrine.Projection;

/// <summary>
/// The profile changes of one batch: attributes are set key by key, in journal order, and null takes a key away.
/// Values are kept as the JSON that was sent.
/// </summary>
internal sealed class ProfileChanges
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<int, (long UpdatedAt, SortedDictionary<string, string> Values)> _changes = [];

    /// <summary>Notes the attributes that an element sets.</summary>
    /// <param name="customer">The customer's number.</param>
    /// <param name="receivedAt">Unix milliseconds.</param>
    /// <param name="attributes">A JSON object whose values are scalars or arrays of scalars.</param>
    public void Set(int customer, long receivedAt, ReadOnlySpan<byte> attributes)
    {
        var values = _changes.TryGetValue(customer, out var change) ? change.Values : new(StringComparer.Ordinal);
        Read(attributes, values);
        _changes[customer] = (receivedAt, values);
    }

    /// <summary>Writes the changes to the tables and starts anew.</summary>
    public void Apply(DuckDBConnection connection, ChunkAppender profiles)
    {
        if (_changes.Count == 0)
        {
            return;
        }

        ProjectionFile.Execute(connection, "CREATE TEMPORARY TABLE IF NOT EXISTS changed_customers (customer INTEGER NOT NULL)");
        ProjectionFile.Execute(connection, "DELETE FROM changed_customers");
        AppendChangedCustomers(connection);
        var merged = ReadPresent(connection);
        ProjectionFile.Execute(connection, "DELETE FROM profiles WHERE customer IN (SELECT customer FROM changed_customers)");
        foreach (var (customer, change) in _changes)
        {
            var values = merged.GetValueOrDefault(customer) ?? new(StringComparer.Ordinal);
            foreach (var (name, value) in change.Values)
            {
                values[name] = value;
            }

            profiles.Set(0, customer);
            profiles.Set(1, change.UpdatedAt);
            profiles.SetText(2, Write(values));
            profiles.EndRow();
        }

        profiles.Flush();
        _changes.Clear();
    }

    private void AppendChangedCustomers(DuckDBConnection connection)
    {
        using var rows = new ChunkAppender(connection, "changed_customers", DuckDBType.Integer);
        foreach (var customer in _changes.Keys)
        {
            rows.Set(0, customer);
            rows.EndRow();
        }

        rows.Flush();
    }

    private static Dictionary<int, SortedDictionary<string, string>> ReadPresent(DuckDBConnection connection)
    {
        var present = new Dictionary<int, SortedDictionary<string, string>>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT customer, attributes FROM profiles WHERE customer IN (SELECT customer FROM changed_customers)";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
            Read(Encoding.UTF8.GetBytes(reader.GetString(1)), values);
            present[reader.GetInt32(0)] = values;
        }

        return present;
    }

    private static void Read(ReadOnlySpan<byte> json, SortedDictionary<string, string> values)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            values[name] = Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
        }
    }

    private static ReadOnlySpan<byte> Write(SortedDictionary<string, string> values)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Readable);
        writer.WriteStartObject();
        foreach (var (name, value) in values)
        {
            if (value != "null")
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(value, skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
