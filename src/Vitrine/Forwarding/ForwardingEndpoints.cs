using System.Globalization;
using Microsoft.Data.Sqlite;
using NodaTime.Text;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary><c>/api/v1/forwarding</c>: the targets of the asking environment, and of no other.</summary>
internal static class ForwardingEndpoints
{
    private const int MostAside = 1_000;
    private const int DefaultDays = 7;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api = api.MapGroup("");
        api.AddEndpointFilter(static async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (SqliteException)
            {
                return Problem.Result(StatusCodes.Status503ServiceUnavailable, "forwarding.db cannot be read or written now; ask again in a moment.");
            }
        });
        api.MapGet("/forwarding", static (HttpContext context, Forwarder forwarder) => Results.Json(List(forwarder, context.Environment().Id), ForwardingJson.Readable.ForwardingAnswer))
            .WithName("listForwardTargets")
            .WithTags("Forwarding")
            .WithSummary("Where events are forwarded to, and how far that is")
            .WithDescription("By name. What the targets are is said by the file that the server was started with (vitrine serve --forward).")
            .Produces<ForwardingAnswer>();
        api.MapGet("/forwarding/{target}/aside", Aside)
            .WithName("listEventsSetAside")
            .WithTags("Forwarding")
            .WithSummary("What a target refused")
            .WithDescription("The first thousand in the order of the journal, and how many there are.")
            .Named()
            .Produces<AsideAnswer>();
        api.MapPost("/forwarding/{target}/replay", ReplayAsync)
            .WithName("replayEventsSetAside")
            .WithTags("Forwarding")
            .WithSummary("Send a target again what it refused")
            .WithDescription("One by one, for some seconds: where next is not null there is more, and it is given as after of the next call. What the target takes is set aside no more. 409 while another replay of the target is under way, or while the target is not configured.")
            .Named()
            .WithParameter("after", "What the call before said as next.")
            .Produces<ReplayAnswer>()
            .Refuses(StatusCodes.Status409Conflict);
        api.MapGet("/forwarding/{target}/parity", Parity)
            .WithName("getForwardParity")
            .WithTags("Forwarding")
            .WithSummary("How a target's answers compare with ours")
            .WithDescription("Of a target with compare: how many requests were answered with which status by us and by the target, by the day of UTC on which we received them.")
            .Named()
            .WithParameter("from", $"The first day, such as 2026-11-24; by default so that the days are {DefaultDays}.")
            .WithParameter("to", "The last day; by default today.")
            .Produces<ParityAnswer>();
        api.MapDelete("/forwarding/{target}", Drop)
            .WithName("dropForwardTarget")
            .WithTags("Forwarding")
            .WithSummary("Forget a target that is not configured any more")
            .WithDescription("Its bookmark, what was set aside of it and how it answered. 409 while it is configured.")
            .Named()
            .Produces(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status409Conflict);
    }

    private static RouteHandlerBuilder Named(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameter("target", "The name of the target.")
        .Refuses(StatusCodes.Status404NotFound);

    private static ForwardingAnswer List(Forwarder forwarder, string environmentId)
    {
        var kept = forwarder.Store?.Bookmarks().ToDictionary(static one => one.Target, StringComparer.Ordinal) ?? [];
        var aside = forwarder.Store?.AsideCounts() ?? new Dictionary<string, long>();
        var configured = forwarder.States.Where(state => state.Target.Environment == environmentId).Select(state => new ForwardTargetAnswer(
            state.Target.Name,
            state.Target.Kind,
            state.Word,
            state.Bookmark < 0 ? null : state.Bookmark,
            forwarder.LagRecords(state),
            Math.Round(state.Lag.TotalSeconds, 3),
            kept.GetValueOrDefault(state.Target.Name)?.Sent ?? 0,
            aside.GetValueOrDefault(state.Target.Name),
            kept.GetValueOrDefault(state.Target.Name)?.Missed ?? 0,
            state.LastError is { } error ? new ForwardErrorAnswer(Timestamps.FromMilliseconds(error.At.ToUnixTimeMilliseconds()), error.Reason) : null));
        var left = kept.Values
            .Where(one => one.Environment == environmentId && forwarder.States.All(state => state.Target.Name != one.Target))
            .Select(one => new ForwardTargetAnswer(one.Target, one.Kind, "not_configured", one.Position, 0, 0, one.Sent, aside.GetValueOrDefault(one.Target), one.Missed, null));
        return new ForwardingAnswer([.. configured.Concat(left).OrderBy(static one => one.Name, StringComparer.Ordinal)]);
    }

    private static IResult Aside(HttpContext context, Forwarder forwarder, string target) => Find(context, forwarder, target) ?? Results.Json(
        new AsideAnswer(
            [.. forwarder.Store!.Aside(target, MostAside).Select(static one => new AsideEventAnswer(
                RequestId.Of(one.Position),
                one.Action < 0 ? null : EventPath.Of(one.Element, one.Action),
                one.Uuid,
                one.Kind,
                one.Status,
                one.Reason,
                Timestamps.FromMilliseconds(one.At)))],
            forwarder.Store.AsideCounts().GetValueOrDefault(target)),
        ForwardingJson.Readable.AsideAnswer);

    private static async Task<IResult> ReplayAsync(HttpContext context, Forwarder forwarder, Replay replay, string target, string? after)
    {
        if (Find(context, forwarder, target) is { } stranger)
        {
            return stranger;
        }

        if (!TryPlace(after, out var place))
        {
            return Problem.Result(StatusCodes.Status400BadRequest, "after: give what the call before said as next, or leave it out.");
        }

        return forwarder.Find(target) is not { } worker
            ? Problem.Result(StatusCodes.Status409Conflict, $"Nothing is sent to the target '{target}': it is not configured any more, or GET /api/v1/forwarding says why. Mend the file of --forward and start the server again.")
            : await replay.RunAsync(worker, place, context.RequestAborted) is not { } outcome
                ? Problem.Result(StatusCodes.Status409Conflict, $"A replay of '{target}' is under way; ask again when it has ended.")
                : Results.Json(
                    new ReplayAnswer(outcome.Sent, outcome.Refused, outcome.Gone, outcome.Stopped, outcome.Next is { } next ? string.Create(CultureInfo.InvariantCulture, $"{next.Position}.{next.Element}.{next.Action}") : null),
                    ForwardingJson.Readable.ReplayAnswer);
    }

    private static IResult Parity(HttpContext context, Forwarder forwarder, TimeProvider time, string target, string? from, string? to)
    {
        if (Find(context, forwarder, target) is { } stranger)
        {
            return stranger;
        }

        var last = to ?? BatchOutcome.Day(time.GetUtcNow());
        if (LocalDatePattern.Iso.Parse(last) is not { Success: true, Value: var end })
        {
            return Problem.Result(StatusCodes.Status400BadRequest, "to: give a day such as 2026-11-24.");
        }

        var first = from ?? LocalDatePattern.Iso.Format(end.PlusDays(1 - DefaultDays));
        if (LocalDatePattern.Iso.Parse(first) is not { Success: true, Value: var start } || start > end)
        {
            return Problem.Result(StatusCodes.Status400BadRequest, "from: give a day such as 2026-11-24, not after to.");
        }

        ParityDayAnswer[] days = [.. forwarder.Store!.Answers(target, first, last).GroupBy(static one => one.Day).Select(static day => new ParityDayAnswer(
            day.Key,
            day.Sum(static one => one.Requests),
            day.Where(static one => one.Ours != one.Theirs).Sum(static one => one.Requests),
            [.. day.Select(static one => new ParityCellAnswer(one.Ours, one.Theirs, one.Ours != one.Theirs, one.Requests, one.LastRequestId))]))];
        return Results.Json(
            new ParityAnswer(target, first, last, days.Sum(static day => day.Requests), days.Sum(static day => day.Differences), days), ForwardingJson.Readable.ParityAnswer);
    }

    private static IResult Drop(HttpContext context, Forwarder forwarder, string target) =>
        Find(context, forwarder, target) is { } stranger ? stranger
        : forwarder.States.Any(state => state.Target.Name == target)
            ? Problem.Result(StatusCodes.Status409Conflict, $"The target '{target}' is configured; take it out of the file of --forward and start the server again, then it can be dropped.")
            : forwarder.Store!.Drop(target) ? Results.NoContent() : NotFound(target);

    /// <summary>Why a target cannot be spoken of; null when it can.</summary>
    private static IResult? Find(HttpContext context, Forwarder forwarder, string target) =>
        forwarder.Store is null && forwarder.States.Any(state => state.Target.Name == target && state.Target.Environment == context.Environment().Id)
            ? Problem.Result(StatusCodes.Status503ServiceUnavailable, "forwarding.db cannot be opened, and nothing is forwarded; the server's log says why.")
        : forwarder.Store?.Find(target) is { } known && known.Environment == context.Environment().Id ? null
        : NotFound(target);

    private static IResult NotFound(string target) => Problem.Result(StatusCodes.Status404NotFound, $"There is no target '{target}' of this environment; GET /api/v1/forwarding lists them.");

    private static bool TryPlace(string? text, out AsideItem? place)
    {
        place = null;
        if (text is null)
        {
            return true;
        }

        var parts = text.Split('.');
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            || !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var element)
            || !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var action))
        {
            return false;
        }

        place = new AsideItem(position, element, action, "", "", 0, "", 0);
        return true;
    }
}
