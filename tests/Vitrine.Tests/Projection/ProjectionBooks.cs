using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

/// <summary>Everything that the projection of a shop says, as text, but for how far it has come.</summary>
public static class ProjectionBooks
{
    private static readonly string[] Paths =
    [
        "/api/v1/reports/experiences",
        .. GeneratedEvents.Experiences.Select(static id => $"/api/v1/reports/experiences/{id}?by=variation,audience,locale,platform,click_target&scale=day"),
        "/api/v1/ledger?scale=hour",
        "/api/v1/exports/events",
        "/api/v1/exports/events?format=csv",
        "/api/v1/exports/goal-events",
    ];

    public static async Task<string> ReadAsync(params Shop[] shops)
    {
        await shops[0].Server.ProjectedAsync();
        var texts = new List<string>();
        foreach (var shop in shops)
        {
            foreach (var path in Paths)
            {
                var answer = await shop.GetAsync(path);
                texts.Add(answer.Status == 404 ? "404" : answer.Text);
            }
        }

        return string.Join('\n', texts);
    }
}
