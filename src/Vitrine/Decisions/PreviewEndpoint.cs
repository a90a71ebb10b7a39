using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary><c>POST /api/v1/experiences/{key}/preview</c>: what a user would get, and why.</summary>
internal static class PreviewEndpoint
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapPost("/experiences/{key}/preview", PreviewAsync)
        .WithName("previewExperience")
        .WithSummary("What a user would get, and why")
        .WithDescription("Takes what fetch takes; experience_key is passed over. Says of every audience, condition by condition, whether it fits, which bucket the user is in, and what is delivered while the experience is active. Nothing is counted.")
        .WithParameter("key", "By which clients ask for it.")
        .WithParameter("version", "A number, live, or draft, which it is unless said.")
        .Accepts<FetchDescription.Body>("application/json")
        .Produces<Explanation>()
        .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> PreviewAsync(
        HttpContext context, ExperienceAuthoring authoring, VersionSource versions, DecisionSource source, FetchReading reading, string key, string? version)
    {
        var environment = context.Environment();
        var name = string.IsNullOrEmpty(version) ? VersionSource.Draft : version;
        var compiled = versions.Compile(authoring.Find(environment, key), name);
        var request = FetchRequest.Rent();
        try
        {
            request.AskFor(compiled, source.NamesOf(environment.Id));
            if ((await reading.ReadAsync(context, environment, request) ?? await reading.LearnAsync(environment, request)) is { } error)
            {
                return Problem.Result(error.Status, error.Description, error.Errors);
            }

            return Results.Json(
                Explainer.Explain(compiled, name, source.Of(environment.Id).GlobalControlGroup, request),
                DecisionsJson.Readable.Explanation);
        }
        finally
        {
            request.Return();
        }
    }
}
