using NodaTime.Extensions;
using Vitrine.Dashboard.Layout;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard;

/// <summary>
/// Counts what the list of experiences shows by default once after a start, so that the first person who opens it does not
/// wait for that. Nothing depends on it: what it does not come to is counted when somebody asks.
/// </summary>
internal sealed partial class FirstFigures(
    ICatalog catalog, Projector projector, ReportSource reports, TimeProvider time, ILogger<FirstFigures> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await projector.WaitForAsync(position: 0, Patience, stoppingToken))
        {
            // It is still being opened.
        }

        foreach (var environment in catalog.Current.Workspaces.Select(workspace => catalog.Current.Find(workspace.Id)!))
        {
            try
            {
                await CountAsync(environment, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                NotCounted(environment.Id, fault.Message);
            }
        }
    }

    private async Task CountAsync(WorkspaceEnvironment environment, CancellationToken stop)
    {
        var (zone, now) = (environment.Workspace.TimeZone, time.GetUtcNow().ToInstant());
        foreach (var range in new[] { new View().Range(zone, now), new View().RangeBefore(zone, now)! })
        {
            await reports.ReadAsync(environment, (connection, pages, _) => ExperienceList.Read(connection, environment.Id, range, pages), stop);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The first figures of {EnvironmentId} are counted when somebody asks for them: {Reason}")]
    private partial void NotCounted(string environmentId, string reason);
}
