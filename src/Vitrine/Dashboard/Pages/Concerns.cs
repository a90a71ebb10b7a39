using NodaTime;
using NodaTime.Extensions;
using NodaTime.Text;
using Vitrine.Dashboard.Layout;
using Vitrine.Experiences;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard.Pages;

/// <summary>Something that should be looked at.</summary>
/// <param name="Text">What is wrong, and what to do.</param>
/// <param name="ExperienceId">The experience that it is about; null: all of the environment.</param>
/// <param name="Page">Where more is seen; null: nowhere.</param>
internal sealed record Concern(string Text, string? ExperienceId = null, string? Page = null);

/// <summary>Looks for what nobody asked about and everybody should know: late figures, rejected events, experiences that went silent.</summary>
/// <remarks>Days are the workspace's. Yesterday and today are looked at, against the seven days before: an experience that is quiet at night is not silent.</remarks>
internal sealed class Concerns(ReportSource reports, Projector projector, ExperienceStore store, TimeProvider time)
{
    private const int DaysBefore = 7;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(30);

    /// <summary>What there is, the gravest first.</summary>
    public async Task<IReadOnlyList<Concern>> ReadAsync(WorkspaceEnvironment environment, CancellationToken stop)
    {
        var zone = environment.Workspace.TimeZone;
        var today = time.GetUtcNow().ToInstant().InZone(zone).Date;
        var (lately, before) = (Days(today.PlusDays(-1), today, zone), Days(today.PlusDays(-1 - DaysBefore), today.PlusDays(-2), zone));
        var (ledger, now, past) = await reports.ReadAsync(
            environment,
            (connection, pages, _) => (
                Ledger.Read(connection, environment.Id, lately, null).Total,
                ExperienceList.Read(connection, environment.Id, lately, pages).Experiences.ToDictionary(static one => one.Id),
                ExperienceList.Read(connection, environment.Id, before, pages).Experiences.ToDictionary(static one => one.Id)),
            stop);
        return [.. Lag(), .. Rejected(ledger.Events), .. Silent(environment, now, past, lately.FromSeconds)];
    }

    private IEnumerable<Concern> Lag()
    {
        var (requests, age) = projector.Lag();
        if (age > Late)
        {
            yield return new Concern($"Figures are {age.TotalSeconds:N0} seconds late: {requests:N0} requests are stored and not counted yet. Nothing is lost; if it does not pass, the server's log says why.");
        }
    }

    private static IEnumerable<Concern> Rejected(EventCounts events)
    {
        if (events.Rejected > 0)
        {
            var most = events.RejectedByReason.MaxBy(static one => one.Value).Key;
            yield return new Concern($"{events.Rejected:N0} of {events.Received:N0} events since yesterday were rejected, most for {most.Replace('_', ' ')}. Live shows them with what was wrong; the client that sends them needs mending.", Page: "live");
        }
    }

    private IEnumerable<Concern> Silent(
        WorkspaceEnvironment environment, Dictionary<string, ExperienceListing> lately, Dictionary<string, ExperienceListing> before, long since)
    {
        var moment = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var stored in store.Of(environment.Id).ByKey.Values.Where(one => one.StatusAt(moment) == ExperienceStatus.Active))
        {
            var (id, name) = (stored.Experience.Id, stored.Experience.Draft.Name);
            var (now, past) = (lately.GetValueOrDefault(id)?.Figures, before.GetValueOrDefault(id)?.Figures);
            if (now is not { Impressions: > 0 } && past is { Impressions: > 0 })
            {
                yield return new Concern($"“{name}” is active and went silent: not shown since yesterday, {past.Impressions:N0} times in the week before. Does its page still report? If it is over, pause it.", id);
            }
            else if (now is { Impressions: 0, Delivered: > 0 } && stored.Live!.Published.At.ToUnixTimeSeconds() < since)
            {
                yield return new Concern($"“{name}”: {Words.Number(now.Delivered)} delivered since yesterday and none reported as shown. Its client fetches and does not report.", id, "connect");
            }
        }
    }

    private static ReportRange Days(LocalDate first, LocalDate last, DateTimeZone zone) =>
        ReportRange.Parse(LocalDatePattern.Iso.Format(first), LocalDatePattern.Iso.Format(last.PlusDays(1)), null, zone).Range!;
}
