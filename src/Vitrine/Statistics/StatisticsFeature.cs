using Vitrine.Workspaces;

namespace Vitrine.Statistics;

/// <summary>Puts the calculators into a server.</summary>
public static class StatisticsFeature
{
    /// <summary>Maps <c>POST /api/v1/statistics/…</c>.</summary>
    public static void MapStatistics(this WebApplication application)
    {
        var api = application.MapManagementApi().WithTags("Statistics");
        CompareEndpoint.Map(api);
        SampleRatioEndpoint.Map(api);
        SampleSizeEndpoint.Map(api);
    }
}
