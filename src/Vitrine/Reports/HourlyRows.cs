using DuckDB.NET.Data;

namespace Vitrine.Reports;

/// <summary>Puts the hours of which single events are not kept any more beside what is counted from single events.</summary>
internal static class HourlyRows
{
    /// <summary>The rows of one experience, with those groups and buckets in which there is nothing else.</summary>
    /// <exception cref="ReportTooLargeException">There are more of them than an answer may have.</exception>
    public static List<ReportRow> Into(List<ReportRow> rows, DuckDBConnection connection, ExperienceQuestion question)
    {
        var hours = HourlyFigures.Read(
            connection,
            ReportSql.EnvironmentNumber(connection, question.EnvironmentId),
            question.ExperienceId,
            question.Range,
            [.. question.By.Select(static dimension => dimension.Sql)],
            question.Scale);
        if (hours.Count == 0)
        {
            return rows;
        }

        var all = new List<ReportRow>(rows.Count + hours.Count);
        all.AddRange(rows.Select(row => hours.Remove(row.Place, out var ofRow) ? row with { Figures = ofRow.AddTo(row.Figures) } : row));
        all.AddRange(hours.Values.Select(static ofRow => ofRow.Row with { Figures = ofRow.AddTo(Figures.None) }));
        return all.Count <= ReportRow.Maximum ? all : throw new ReportTooLargeException();
    }

    /// <summary>The list of all experiences; each of them that was ever reported is in it already.</summary>
    public static List<ExperienceListing> Into(List<ExperienceListing> experiences, DuckDBConnection connection, string environmentId, ReportRange range)
    {
        var hours = HourlyFigures.Read(connection, ReportSql.EnvironmentNumber(connection, environmentId), null, range, ["c.experience_id"], null);
        return hours.Count == 0 ? experiences : [.. experiences.Select(one =>
            hours.TryGetValue(new ReportPlace(ReportRow.KeyOf([one.Id]), IsGroup: true, IsBucket: false, 0), out var ofOne)
                ? one with { Figures = ofOne.AddTo(one.Figures) }
                : one)];
    }
}
