using DuckDB.NET.Data;
using Vitrine.Projection;
using Vitrine.Reports.Pages;

namespace Vitrine.Reports;

/// <summary>One line of the list of experiences.</summary>
public sealed record ExperienceListing(string Id, string Name, Figures Figures);

/// <summary>Reads the list of all experiences with their figures.</summary>
internal static class ExperienceList
{
    /// <summary>Reads the list, ordered by id, and from when on single events are kept, in Unix seconds.</summary>
    public static (AsOf AsOf, long? RawFrom, IReadOnlyList<ExperienceListing> Experiences) Read(
        DuckDBConnection connection, string environmentId, ReportRange range, PageReader pages)
    {
        var days = new TimeBuckets(ReportScale.Day, range.Zone);
        var experiences = pages.Read(
            connection, environmentId, null, range, days, (ofRange, stop) => PagedExperienceList.Read(connection, ofRange, stop))
            ?? ReadEvents(connection, environmentId, range);
        var rawFrom = ReportSql.RawFrom(connection, ReportSql.EnvironmentNumber(connection, environmentId));
        experiences = rawFrom is null ? experiences : HourlyRows.Into(experiences, connection, environmentId, range);
        return (AsOf.Read(connection), rawFrom, DeliveryList.Into(experiences, connection, environmentId, range));
    }

    private static List<ExperienceListing> ReadEvents(DuckDBConnection connection, string environmentId, ReportRange range)
    {
        using var command = ReportSql.Command(
            connection,
            ReportSql.Read("ExperienceList"),
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)),
            ("from", range.FromSeconds),
            ("to", range.ToSeconds));
        using var reader = command.ExecuteReader();
        var experiences = new List<ExperienceListing>();
        while (reader.Read())
        {
            experiences.Add(new ExperienceListing(
                reader.GetString(0),
                reader.GetString(1),
                new Figures(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5))));
        }

        return experiences;
    }
}
