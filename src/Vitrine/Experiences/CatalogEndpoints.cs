using System.Globalization;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary>What concerns all experiences: the schema, the global control group, the audit log.</summary>
internal static class CatalogEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/schemas/experience", Schema)
            .WithName("getExperienceSchema")
            .WithSummary("The JSON Schema of an experience")
            .WithDescription("What is sent is checked by it (draft 2020-12), and then for what a schema cannot say.")
            .Produces<object>(StatusCodes.Status200OK, "application/schema+json");
        api.MapGet("/control-group", GetControlGroup)
            .WithName("getGlobalControlGroup")
            .WithSummary("Who is kept out of all experiences")
            .Produces<ControlGroup>();
        api.MapPut("/control-group", SetControlGroupAsync)
            .WithName("setGlobalControlGroup")
            .WithSummary("Keep some users out of all experiences")
            .WithDescription("So that what experiences do together can be told. A user who is in it stays in it while it grows.")
            .Accepts<ControlGroup>("application/json")
            .Produces<ControlGroup>()
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status415UnsupportedMediaType);
        api.MapGet("/audit", Audit)
            .WithName("listAuditEntries")
            .WithSummary("Who changed what, newest first")
            .WithParameter("subject", "Only about this experience, by key.")
            .WithParameter("limit", "How many on a page: 1–1000, 100 unless said.")
            .WithParameter("before", "The next of the page before.")
            .Produces<AuditAnswer>();
    }

    private static IResult Schema() => Results.Bytes(ExperienceSchema.Text.ToArray(), "application/schema+json");

    private static IResult GetControlGroup(HttpContext context, ExperienceStore store) =>
        Results.Json(store.Of(context.Environment().Id).GlobalControlGroup, ExperiencesJson.Readable.ControlGroup);

    private static async Task<IResult> SetControlGroupAsync(HttpContext context, ExperienceAuthoring authoring)
    {
        var group = await AuthoringEndpoints.ReadAsync(context, ExperiencesJson.Readable.ControlGroup);
        if (group.Percent is < 0 or > 100 || group.Percent * 100 % 1 != 0)
        {
            throw new AuthoringRefusedException(StatusCodes.Status422UnprocessableEntity, "percent is a number from 0 to 100 in steps of 0.01.");
        }

        authoring.SetGlobalControlGroup(context.Environment(), AuthoringEndpoints.By(context), group);
        return Results.Json(group, ExperiencesJson.Readable.ControlGroup);
    }

    private static IResult Audit(HttpContext context, ICatalog catalog, string? subject, string? limit, string? before)
    {
        var page = (int)(AuthoringEndpoints.Number("limit", limit, LargestPage) ?? DefaultPage);
        var entries = catalog.ReadAudit(
            context.Environment().Id, subject, AuthoringEndpoints.Number("before", before, long.MaxValue) ?? long.MaxValue, page + 1);
        return Results.Json(
            new AuditAnswer(
                [.. entries.Take(page).Select(ListedAuditEntry.Of)],
                entries.Count > page ? entries[page - 1].Number.ToString(CultureInfo.InvariantCulture) : null),
            ExperiencesJson.Readable.AuditAnswer);
    }
}
