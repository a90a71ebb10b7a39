using Vitrine.People;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard;

/// <summary>Reports and exports as files, for whoever is signed in: those of <c>/api/v1</c>, below <c>/w/{environment}/download</c>.</summary>
internal static class Downloads
{
    private const string Environment = "environmentId";

    /// <summary>Maps them.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup($"/w/{{{Environment}}}/download");
        group.RequireAuthorization(nameof(Role.Viewer)).ExcludeFromDescription().AddEndpointFilter(static (invocation, next) =>
        {
            var context = invocation.HttpContext;
            var id = (string?)context.GetRouteValue(Environment) ?? "";
            if (context.RequestServices.GetRequiredService<ICatalog>().Current.Find(id) is not { } environment)
            {
                return ValueTask.FromResult<object?>(Results.NotFound());
            }

            context.Features.Set(environment);
            context.Request.Headers.Accept = "text/csv"; // A link cannot ask for it.
            context.Response.Headers.ContentDisposition = "attachment";
            return next(invocation);
        });
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            // The names belong to the interface for programs.
            foreach (var name in endpoint.Metadata.Where(static one => one is IEndpointNameMetadata or IRouteNameMetadata).ToList())
            {
                endpoint.Metadata.Remove(name);
            }
        });
        ReportsFeature.MapDownloads(group);
    }
}
