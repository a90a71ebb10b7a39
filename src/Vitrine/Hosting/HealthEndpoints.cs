using Vitrine.Journal;

namespace Vitrine.Hosting;

/// <summary>Whether the process lives, and whether it can take events.</summary>
public static class HealthEndpoints
{
    private static readonly string[] Head = [HttpMethods.Head];

    /// <summary>Maps <c>/healthz/live</c> and <c>/healthz/ready</c>, to GET and, for probes that want no body, to HEAD.</summary>
    public static void MapHealth(this WebApplication application)
    {
        application.MapGet("/healthz/live", static () => Results.Text("live\n"))
            .WithName("live")
            .WithTags("Operations")
            .WithoutCredentials()
            .WithSummary("The process answers")
            .WithDescription("200 as long as the process can answer at all.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
        application.MapMethods("/healthz/live", Head, static () => Results.Text("live\n")).ExcludeFromDescription();
        application.MapMethods("/healthz/ready", Head, Ready).ExcludeFromDescription();
        application.MapGet("/healthz/ready", Ready)
            .WithName("ready")
            .WithTags("Operations")
            .WithoutCredentials()
            .WithSummary("The server can take events")
            .WithDescription("503, with the reason, while the journal cannot be written or the server is stopping.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .Produces<string>(StatusCodes.Status503ServiceUnavailable, "text/plain");
    }

    private static IResult Ready(IJournal journal, IHostApplicationLifetime lifetime)
    {
        var health = lifetime.ApplicationStopping.IsCancellationRequested
            ? new JournalHealth(false, "the server is stopping")
            : journal.Health;
        return health.Writable
            ? Results.Text("ready\n")
            : Results.Text($"not ready: {health.Reason}\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
