using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Journal.Records;
using Vitrine.Projection;

namespace Vitrine.Experiments;

/// <summary>By which SDK customers were first exposed: what their first impression says in its attribute <c>sdk</c>.</summary>
internal static class Sdks
{
    private const int LongestName = 100;

    /// <summary>The SDKs by customer; who is not named did not say it.</summary>
    public static Dictionary<int, string> Read(
        DuckDBConnection connection, ExposedCustomers customers, ExperienceContexts contexts, long from, long to, CancellationToken stop)
    {
        var sdks = new Dictionary<int, string>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal); // Few, of very many customers.
        using var rows = new ChunkReader(connection, string.Create(
            CultureInfo.InvariantCulture,
            $"""
            SELECT customer, event_time, context, platform, attributes
            FROM events
            WHERE environment = {contexts.Environment} AND action = 0 AND event_time >= {from} AND event_time < {to}
              AND {contexts.Sql("context")} AND attributes IS NOT NULL AND contains(attributes, '"sdk"')
            """));
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            var who = rows.Column<int>(0);
            var times = rows.Column<long>(1);
            var places = rows.Column<int>(2);
            var platforms = rows.Column<byte>(3);
            var attributes = rows.TextColumn(4);
            for (var row = 0; row < rows.Rows; row++)
            {
                if (customers.PlaceOf(who[row]) is >= 0 and var place
                    && IsFirst(in customers.All[place], times[row], contexts.PlaceOf(places[row]), (Platform)platforms[row])
                    && Known(NameIn(attributes[row])) is { } name
                    && (!sdks.TryGetValue(who[row], out var known) || string.CompareOrdinal(name, known) < 0))
                {
                    sdks[who[row]] = name;
                }
            }
        }

        return sdks;

        string? Known(string? name)
        {
            if (name is not null && !names.TryAdd(name, name))
            {
                return names[name];
            }

            return name;
        }
    }

    private static bool IsFirst(in ExposedCustomer customer, long time, int context, Platform platform) =>
        customer.Impressions > 0 && customer.FirstTime == time && customer.FirstContext == context && customer.FirstPlatform == platform;

    private static string? NameIn(ReadOnlySpan<byte> attributes)
    {
        var reader = new Utf8JsonReader(attributes);
        reader.Read();
        string? name = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSdk = reader.ValueTextEquals("sdk"u8);
            reader.Read();
            name = isSdk && reader.TokenType == JsonTokenType.String ? reader.GetString() : name;
            reader.Skip();
        }

        return name is { Length: > LongestName } ? name[..LongestName] : name;
    }
}
