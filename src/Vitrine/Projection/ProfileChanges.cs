using System.Text;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Vitrine.Projection;

/// <summary>The profile changes of one batch, applied element by element in journal order.</summary>
/// <remarks>Changes are folded one after the other, so a profile does not depend on how the journal was cut into batches.</remarks>
internal sealed class ProfileChanges
{
    private readonly Dictionary<int, (long UpdatedAt, List<byte[]?> Attributes)> _changes = []; // Null removes the profile.

    /// <summary>Notes the attributes that an element sets.</summary>
    /// <param name="customer">The customer's number.</param>
    /// <param name="receivedAt">Unix milliseconds.</param>
    /// <param name="attributes">A JSON object whose values are scalars or arrays of scalars.</param>
    public void Set(int customer, long receivedAt, ReadOnlySpan<byte> attributes) => Note(customer, receivedAt, attributes.ToArray());

    /// <summary>Notes that a profile is removed. What is set behind that begins a new one.</summary>
    /// <param name="customer">The customer's number.</param>
    /// <param name="receivedAt">Unix milliseconds.</param>
    public void Remove(int customer, long receivedAt) => Note(customer, receivedAt, null);

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
        var present = ReadPresent(connection);
        ProjectionFile.Execute(connection, "DELETE FROM profiles WHERE customer IN (SELECT customer FROM changed_customers)");
        foreach (var (customer, change) in _changes)
        {
            if (Fold(present.GetValueOrDefault(customer), change.Attributes) is { } profile)
            {
                profiles.Set(0, customer);
                profiles.Set(1, change.UpdatedAt);
                profiles.SetText(2, profile.ToJson());
                profiles.EndRow();
            }
        }

        profiles.Flush();
        _changes.Clear();
    }

    private void Note(int customer, long receivedAt, byte[]? attributes)
    {
        var noted = _changes.TryGetValue(customer, out var change) ? change.Attributes : [];
        noted.Add(attributes);
        _changes[customer] = (receivedAt, noted);
    }

    /// <summary>The profile behind the changes; null when it is removed.</summary>
    private static Profile? Fold(Profile? profile, List<byte[]?> changes)
    {
        foreach (var attributes in changes)
        {
            if (attributes is null)
            {
                profile = null;
            }
            else
            {
                profile ??= new Profile();
                profile.Set(attributes);
            }
        }

        return profile;
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

    private static Dictionary<int, Profile> ReadPresent(DuckDBConnection connection)
    {
        var present = new Dictionary<int, Profile>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT customer, attributes FROM profiles WHERE customer IN (SELECT customer FROM changed_customers)";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var profile = new Profile();
            profile.Set(Encoding.UTF8.GetBytes(reader.GetString(1)));
            present[reader.GetInt32(0)] = profile;
        }

        return present;
    }
}
