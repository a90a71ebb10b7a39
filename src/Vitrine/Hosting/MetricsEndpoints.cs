using Prometheus;

namespace Vitrine.Hosting;

/// <summary>The figures of the server in the format of Prometheus.</summary>
public static class MetricsEndpoints
{
    /// <summary>Maps <c>/metrics</c>.</summary>
    public static void MapMetricsPage(this WebApplication application) =>
        application.MapGet("/metrics", static async (HttpContext context, CollectorRegistry registry) =>
            {
                context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
            })
            .WithName("metrics")
            .WithTags("Operations")
            .WithoutCredentials()
            .WithSummary("Figures for Prometheus")
            .WithDescription("Requests and events by outcome, commit groups, projection lag, the deduplication set. See docs/operations.md.")
            .Produces<string>(StatusCodes.Status200OK, "text/plain");
}
