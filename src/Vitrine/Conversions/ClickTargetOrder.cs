using DuckDB.NET.Data;

namespace Vitrine.Conversions;

/// <summary>Orders click targets by their text, since their numbers depend on which came first.</summary>
internal sealed class ClickTargetOrder : IComparer<int>
{
    private readonly Dictionary<int, int> _places = [];

    private ClickTargetOrder()
    {
    }

    /// <summary>All are alike: for whoever does not ask for them.</summary>
    public static ClickTargetOrder None { get; } = new();

    /// <summary>Reads the click targets of an environment.</summary>
    public static ClickTargetOrder Read(DuckDBConnection connection, int environment)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT click_target FROM click_targets WHERE environment = $environment ORDER BY b_id";
        command.Parameters.Add(new DuckDBParameter("environment", environment));
        using var reader = command.ExecuteReader();
        var order = new ClickTargetOrder();
        while (reader.Read())
        {
            order._places.Add(reader.GetInt32(0), order._places.Count + 1);
        }

        return order;
    }

    /// <inheritdoc/>
    public int Compare(int x, int y) => x == y ? 0 : _places.GetValueOrDefault(x).CompareTo(_places.GetValueOrDefault(y));
}
