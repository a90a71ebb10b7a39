using System.Buffers.Binary;
using System.Text;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <summary>
/// What the projector must know of all that is already projected: the numbers it gave and the uuids it counted. Held in
/// memory, read back from the tables at start.
/// </summary>
internal sealed class ProjectionIdentities
{
    private readonly Dictionary<int, UuidSet> _uuids = [];

    /// <summary>Environments.</summary>
    public Numbering Environments { get; } = new();

    /// <summary>Customers.</summary>
    public Numbering Customers { get; } = new();

    /// <summary>Click targets.</summary>
    public Numbering ClickTargets { get; } = new();

    /// <summary>Experience contexts, by their bytes in a journal record.</summary>
    public Numbering Contexts { get; } = new();

    /// <summary>Uuids held.</summary>
    public long UuidCount => _uuids.Values.Sum(static set => set.Count);

    /// <summary>Bytes that they take.</summary>
    public long UuidBytes => _uuids.Values.Sum(static set => set.Bytes);

    /// <summary>The uuids that an environment has seen.</summary>
    public UuidSet UuidsOf(int environment)
    {
        if (!_uuids.TryGetValue(environment, out var set))
        {
            _uuids.Add(environment, set = new UuidSet());
        }

        return set;
    }

    /// <summary>Reads everything back.</summary>
    public static ProjectionIdentities Load(DuckDBConnection connection)
    {
        var identities = new ProjectionIdentities();
        Restore(connection, identities.Environments, "SELECT environment, 0, id FROM environments ORDER BY 1");
        Restore(connection, identities.Customers, "SELECT customer, environment, customer_id FROM customers ORDER BY 1");
        Restore(connection, identities.ClickTargets, "SELECT click_target, environment, b_id FROM click_targets ORDER BY 1");
        identities.RestoreContexts(connection);
        identities.RestoreUuids(connection);
        return identities;
    }

    private static void Restore(DuckDBConnection connection, Numbering numbering, string sql)
    {
        using var command = Streaming(connection, sql);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            numbering.Restore(reader.GetInt32(1), Encoding.UTF8.GetBytes(reader.GetString(2)), reader.GetInt32(0));
        }
    }

    private void RestoreContexts(DuckDBConnection connection)
    {
        using var command = Streaming(
            connection,
            """
            SELECT context, environment, cid, experience, locale_id, variation_id, audience_name, audience_id, type
            FROM contexts ORDER BY 1
            """);
        using var reader = command.ExecuteReader();
        var encoded = new ByteWriter();
        while (reader.Read())
        {
            encoded.Clear();
            ExperienceRequestCodec.WriteContext(
                encoded,
                reader.GetString(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8));
            Contexts.Restore(reader.GetInt32(1), encoded.Written, reader.GetInt32(0));
        }
    }

    private void RestoreUuids(DuckDBConnection connection)
    {
        using var command = Streaming(connection, "SELECT environment, uuid FROM events");
        using var reader = command.ExecuteReader();
        Span<byte> bytes = stackalloc byte[16];
        while (reader.Read())
        {
            reader.GetGuid(1).TryWriteBytes(bytes, bigEndian: true, out _);
            UuidsOf(reader.GetInt32(0)).Add(BinaryPrimitives.ReadUInt128BigEndian(bytes));
        }
    }

    private static DuckDBCommand Streaming(DuckDBConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        return command;
    }
}
