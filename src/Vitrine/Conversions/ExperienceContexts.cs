using System.Globalization;
using DuckDB.NET.Data;

namespace Vitrine.Conversions;

/// <summary>What the events of an experience say of it: its contexts, in an order that does not depend on when they came.</summary>
/// <remarks>The places in this order, not the numbers of the projection, decide between two touches of the same second.</remarks>
internal sealed class ExperienceContexts
{
    private readonly int _lowest;
    private readonly int[] _places;

    private ExperienceContexts(int environment, List<ExperienceContextRow> rows)
    {
        Environment = environment;
        All = rows;
        _lowest = rows.Count == 0 ? 0 : rows.Min(static row => row.Number);
        _places = rows.Count == 0 ? [] : new int[rows.Max(static row => row.Number) - _lowest + 1];
        Array.Fill(_places, -1);
        for (var place = 0; place < rows.Count; place++)
        {
            _places[rows[place].Number - _lowest] = place;
        }
    }

    /// <summary>The number of the environment.</summary>
    public int Environment { get; }

    /// <summary>The contexts in their order.</summary>
    public IReadOnlyList<ExperienceContextRow> All { get; }

    /// <summary>Reads the contexts of an experience.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="environment">The number of the environment.</param>
    /// <param name="experienceId">The part of its cids before the first underscore.</param>
    public static ExperienceContexts Read(DuckDBConnection connection, int environment, string experienceId)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT context, variation_id, audience_id, locale_id, cid, experience, audience_name, type
            FROM contexts
            WHERE environment = $environment AND experience_id = $experience
            """;
        command.Parameters.Add(new DuckDBParameter("environment", environment));
        command.Parameters.Add(new DuckDBParameter("experience", experienceId));
        using var reader = command.ExecuteReader();
        var rows = new List<(ExperienceContextRow Row, string[] Content)>();
        while (reader.Read())
        {
            string[] content = [.. Enumerable.Range(1, 7).Select(column => reader.IsDBNull(column) ? "" : reader.GetString(column))];
            rows.Add((new ExperienceContextRow(reader.GetInt32(0), content[0], content[1], content[2], content[4]), content));
        }

        rows.Sort(static (left, right) => Compare(left.Content, right.Content));
        return new ExperienceContexts(environment, [.. rows.Select(static row => row.Row)]);
    }

    /// <summary>The place of a context in the order; −1 when it is another experience's.</summary>
    public int PlaceOf(int number)
    {
        var index = number - _lowest;
        return (uint)index < (uint)_places.Length ? _places[index] : -1;
    }

    /// <summary>A condition in SQL that holds for the contexts, and beside long lists for some others.</summary>
    public string Sql(string column)
    {
        const int longest = 500;
        return All.Count == 0 ? "false"
            : All.Count <= longest ? $"{column} IN ({string.Join(", ", All.Select(static row => row.Number.ToString(CultureInfo.InvariantCulture)))})"
            : string.Create(CultureInfo.InvariantCulture, $"{column} BETWEEN {_lowest} AND {_lowest + _places.Length - 1}");
    }

    private static int Compare(string[] left, string[] right)
    {
        for (var index = 0; index < left.Length; index++)
        {
            if (string.CompareOrdinal(left[index], right[index]) is not 0 and var order)
            {
                return order;
            }
        }

        return 0;
    }
}

/// <summary>A context of an experience.</summary>
/// <param name="Number">Its number in the projection.</param>
/// <param name="VariationId">The variation.</param>
/// <param name="AudienceId">The audience.</param>
/// <param name="LocaleId">The locale.</param>
/// <param name="ExperienceName">The experience's name, as it was reported.</param>
internal sealed record ExperienceContextRow(int Number, string VariationId, string AudienceId, string LocaleId, string ExperienceName);
