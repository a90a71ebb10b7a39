using Vitrine.Reports;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Dashboard;

public sealed class FirstFiguresTests
{
    [Fact]
    public async Task After_a_start_the_figures_of_the_list_are_counted_before_anybody_asks()
    {
        using var folder = new TemporaryFolder();
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            (await server.OpenShop("Asia/Tokyo").PostAsync(Bodies.One())).ShouldBeAccepted();
            await server.ProjectedAsync();
        }

        await using var started = await TestServer.StartAsync(folder.Path);
        await Eventually.BeTrueAsync(() => Task.FromResult(started.Service<ReportsMetrics>().FromPages == 2)); // The last 28 days, and the 28 before.
    }
}
