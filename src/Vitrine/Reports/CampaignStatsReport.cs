using DuckDB.NET.Data;
using Vitrine.Conversions;
using Vitrine.Experiences;
using Vitrine.Reports.Pages;

namespace Vitrine.Reports;

/// <summary>Reads reports and shapes them as the vendor's statistics API does.</summary>
internal static class CampaignStatsReport
{
    private const string AllVariations = "all_variations";

    private static readonly IReadOnlyList<ReportDimension> Places = Dimensions("platform", "locale");
    private static readonly IReadOnlyList<ReportDimension> Variations = Dimensions("platform", "locale", "variation");

    /// <summary>The answer.</summary>
    public static CampaignStatsAnswer Read(
        DuckDBConnection connection, string environmentId, CampaignStatsQuestion question, EnvironmentExperiences experiences, PageReader pages, string responseId, CancellationToken stop)
    {
        var reported = Reported(connection, environmentId);
        var asked = question.CampaignIds?.Where(reported.Contains).ToList() ?? reported;
        var data = new Dictionary<string, IReadOnlyList<CampaignStats>>();
        foreach (var id in asked.Skip(question.Offset).Take(question.Limit))
        {
            data.Add(id, [Read(connection, environmentId, id, question, experiences, pages, stop)]);
        }

        return new CampaignStatsAnswer(
            responseId, asked.Count, (question.Offset / question.Limit) + 1, (asked.Count + question.Limit - 1) / question.Limit, data);
    }

    private static CampaignStats Read(
        DuckDBConnection connection, string environmentId, string id, CampaignStatsQuestion question, EnvironmentExperiences experiences, PageReader pages, CancellationToken stop)
    {
        var report = new ExperienceQuestion(environmentId, id, question.Range, Places, null)
        {
            Goals = ExperienceGoals.Find(experiences, id),
            Attribution = question.Attribution,
        };
        var answers = ExperienceReport.Read(connection, [report, report with { By = Variations }], pages, stop)!;
        // A variation that is called like all of them together stands behind these.
        var groups = answers[0].Groups.Select(static group => (Values: group.Values.Append(AllVariations).ToList(), group.Total))
            .Concat(answers[1].Groups
                .Where(static group => group.Values[2] != AllVariations)
                .Select(static group => (Values: group.Values.ToList(), group.Total)));
        return new CampaignStats(groups
            .GroupBy(static group => group.Values[0]!)
            .ToDictionary(static platform => platform.Key, platform => new PlatformStats(platform
                .GroupBy(static group => group.Values[1]!)
                .ToDictionary(static locale => locale.Key, locale => new LocaleStats(locale.ToDictionary(static group => group.Values[2]!, group => Shape(group.Total, question)))))));
    }

    private static VariationStats Shape(Figures figures, CampaignStatsQuestion question) => new(
        question.IsUnique
            ? new PerformanceStats(figures.UniqueImpressions, figures.UniqueClicks, figures.UniqueClickThroughRate ?? 0)
            : new PerformanceStats(figures.Impressions, figures.Clicks, figures.ClickThroughRate ?? 0),
        (figures.Goals ?? []).ToDictionary(
            static goal => goal.Goal,
            goal => new ConversionGoalStats(question.IsUnique ? goal.UniqueConversions : goal.Conversions, goal.ConversionRate ?? 0, goal.Revenue ?? [])));

    private static List<string> Reported(DuckDBConnection connection, string environmentId)
    {
        using var command = ReportSql.Command(
            connection,
            "SELECT DISTINCT experience_id FROM contexts WHERE environment = $environment ORDER BY 1",
            ("environment", ReportSql.EnvironmentNumber(connection, environmentId)));
        using var reader = command.ExecuteReader();
        var ids = new List<string>();
        while (reader.Read())
        {
            if (reader.GetString(0) is var id && !id.Contains('\0', StringComparison.Ordinal)) // Of an earlier version, which took what no question can name.
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static IReadOnlyList<ReportDimension> Dimensions(params string[] names) =>
        [.. names.Select(static name => ReportDimension.All.Single(dimension => dimension.Name == name))];
}
