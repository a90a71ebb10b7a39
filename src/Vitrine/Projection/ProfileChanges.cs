using System.Text;
using DuckDB.NET.Data;
using DuckDB.NET.Native;
using Vitrine.Projection.Profiles;

namespace Vitrine.Projection;

/// <summary>The profile changes of one batch, applied element by element in journal order.</summary>
/// <remarks>Changes are folded one after the other, so a profile does not depend on how the journal was cut into batches.</remarks>
internal sealed class ProfileChanges
{
    private readonly Dictionary<int, Change> _changes = [];

    /// <summary>Notes the attributes that an element sets.</summary>
    /// <param name="customer">The customer's number.</param>
    /// <param name="environmentId">The environment, UTF-8.</param>
    /// <param name="customerId">The customer, UTF-8.</param>
    /// <param name="receivedAt">Unix milliseconds.</param>
    /// <param name="attributes">A JSON object whose values are scalars or arrays of scalars; empty: the profile is removed, and what is set behind that begins a new one.</param>
    public void Note(
        int customer, ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> customerId, long receivedAt, ReadOnlySpan<byte> attributes)
    {
        if (!_changes.TryGetValue(customer, out var change))
        {
            _changes.Add(customer, change = new Change(environmentId.ToArray(), customerId.ToArray()));
        }

        change.UpdatedAt = receivedAt;
        change.Attributes.Add(attributes.ToArray());
    }

    /// <summary>Writes the changes to the tables and starts anew; answers the profiles as they are then.</summary>
    public IReadOnlyList<ProfileChange> Apply(DuckDBConnection connection, ChunkAppender profiles)
    {
        if (_changes.Count == 0)
        {
            return [];
        }

        ProjectionFile.Execute(connection, "CREATE TEMPORARY TABLE IF NOT EXISTS changed_customers (customer INTEGER NOT NULL)");
        ProjectionFile.Execute(connection, "DELETE FROM changed_customers");
        AppendChangedCustomers(connection);
        var present = ReadPresent(connection);
        ProjectionFile.Execute(connection, "DELETE FROM profiles WHERE customer IN (SELECT customer FROM changed_customers)");
        var changed = new List<ProfileChange>(_changes.Count);
        foreach (var (customer, change) in _changes)
        {
            var attributes = Fold(present.GetValueOrDefault(customer), change.Attributes);
            changed.Add(new ProfileChange(change.EnvironmentId, change.CustomerId, customer, change.UpdatedAt, attributes));
            if (attributes.Length > 0)
            {
                profiles.Set(0, customer);
                profiles.Set(1, change.UpdatedAt);
                profiles.SetText(2, attributes);
                profiles.EndRow();
            }
        }

        profiles.Flush();
        _changes.Clear();
        return changed;
    }

    /// <summary>The profile behind the changes; empty when it is removed.</summary>
    private static byte[] Fold(Profile? profile, List<byte[]> changes)
    {
        foreach (var attributes in changes)
        {
            if (attributes.Length == 0)
            {
                profile = null;
            }
            else
            {
                profile ??= new Profile();
                profile.Set(attributes);
            }
        }

        return profile is null ? [] : profile.ToJson().ToArray();
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

    private sealed class Change(byte[] environmentId, byte[] customerId)
    {
        public byte[] EnvironmentId => environmentId;

        public byte[] CustomerId => customerId;

        public long UpdatedAt { get; set; }

        public List<byte[]> Attributes { get; } = [];
    }
}
