using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary><c>POST /api/v1/experiences/{key}/…</c>: publishing and what comes after.</summary>
internal static class LifecycleEndpoints
{
    private delegate StoredExperience Step(
        ExperienceAuthoring authoring, WorkspaceEnvironment environment, string by, string key, EntityTags? seen);

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        Map(api, "publish", "Make the draft what is delivered", "A new version, unless nothing changed. It is decided by as soon as this is answered.", static (authoring, environment, by, key, seen) => authoring.Publish(environment, by, key, seen));
        Map(api, "pause", "Let an experience rest", "It is not delivered until it is resumed.", static (authoring, environment, by, key, seen) => authoring.Pause(environment, by, key, seen));
        Map(api, "resume", "Let an experience go on", "From a pause or out of the archive.", static (authoring, environment, by, key, seen) => authoring.Resume(environment, by, key, seen));
        Map(api, "archive", "Put an experience away", "It is not delivered and left out of lists until it is resumed. Its reports stay.", static (authoring, environment, by, key, seen) => authoring.Archive(environment, by, key, seen));
        api.MapPost("/experiences/{key}/duplicate", DuplicateAsync)
            .WithName("duplicateExperience")
            .WithSummary("Make a draft of what another draft is")
            .WithParameter("key", "The one that is copied.")
            .Accepts<DuplicateBody>("application/json")
            .Produces<ExperienceAnswer>(StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("/experiences/{key}/revert", RevertAsync)
            .WithName("revertExperience")
            .WithSummary("Make the draft what a version was")
            .WithDescription("What is delivered changes with publish only.")
            .WithParameter("key", "By which clients ask for it.")
            .Accepts<RevertBody>("application/json")
            .Changes();
    }

    private static void Map(RouteGroupBuilder api, string name, string summary, string description, Step step) => api
        .MapPost($"/experiences/{{key}}/{name}", (HttpContext context, ExperienceAuthoring authoring, string key) => AuthoringEndpoints.Answer(
            context, step(authoring, context.Environment(), AuthoringEndpoints.By(context), key, EntityTags.Of(context.Request))))
        .WithName($"{name}Experience")
        .WithSummary(summary)
        .WithDescription(description)
        .WithParameter("key", "By which clients ask for it.")
        .Changes();

    private static async Task<IResult> DuplicateAsync(HttpContext context, ExperienceAuthoring authoring, string key)
    {
        var body = await AuthoringEndpoints.ReadAsync(context, ExperiencesJson.Readable.DuplicateBody);
        var stored = authoring.Duplicate(context.Environment(), AuthoringEndpoints.By(context), key, body);
        context.Response.Headers.Location = $"/api/v1/experiences/{stored.Key}";
        return AuthoringEndpoints.Answer(context, stored, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevertAsync(HttpContext context, ExperienceAuthoring authoring, string key)
    {
        var seen = EntityTags.Of(context.Request);
        var body = await AuthoringEndpoints.ReadAsync(context, ExperiencesJson.Readable.RevertBody);
        return AuthoringEndpoints.Answer(
            context, authoring.Revert(context.Environment(), AuthoringEndpoints.By(context), key, seen, body.Version));
    }
}
