using System.Text;
using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary><c>POST /api/v1/experiences/{key}/simulate</c>: who of the known customers would get what.</summary>
internal static class SimulationEndpoint
{
    private const int MostCustomers = 1_000_000;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(RouteGroupBuilder api) => api
        .MapPost("/experiences/{key}/simulate", SimulateAsync)
        .WithName("simulateExperience")
        .WithSummary("Who would get what, and for whom a version would change it")
        .WithDescription("Replays the customers that are known, in the order in which they were first seen, as if the experience were active. Nothing is counted.")
        .WithParameter("key", "By which clients ask for it.")
        .Accepts<SimulationBody>("application/json")
        .Produces<SimulationAnswer>()
        .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    private static async Task<IResult> SimulateAsync(
        HttpContext context,
        ExperienceAuthoring authoring,
        VersionSource versions,
        DecisionSource source,
        FetchReading reading,
        ProjectionReader projection,
        string key)
    {
        var environment = context.Environment();
        var body = await AuthoringEndpoints.ReadAsync(context, DecisionsJson.Readable.SimulationBody);
        if (body.Limit is < 1 or > MostCustomers)
        {
            return Problem.Result(StatusCodes.Status400BadRequest, $"limit is a number from 1 to {MostCustomers:N0}.");
        }

        var stored = authoring.Find(environment, key);
        var names = body.Versions ?? DefaultVersions(stored);
        if (names.Count is < 1 or > 2)
        {
            return Problem.Result(StatusCodes.Status400BadRequest, "versions names one version, or two that are compared.");
        }

        var compiled = names.Select(name => (name, versions.Compile(stored, name))).ToList();
        var request = FetchRequest.Rent();
        try
        {
            if (reading.Read(Encoding.UTF8.GetBytes(body.Request?.GetRawText() ?? "{}"), environment, request) is { } error)
            {
                return Problem.Result(error.Status, error.Description, error.Errors);
            }

            var simulation = new Simulation(compiled, source.Of(environment.Id).GlobalControlGroup);
            var answer = await projection.ReadAsync(
                environment.Workspace.Id,
                (connection, cancellation) => simulation.Run(
                    connection, environment.Id, body.Limit ?? MostCustomers, request, one => reading.Know(environment, one), cancellation),
                context.RequestAborted);
            return Results.Json(answer, DecisionsJson.Readable.SimulationAnswer);
        }
        finally
        {
            request.Return();
        }
    }

    private static string[] DefaultVersions(StoredExperience stored) =>
        stored.Live is null ? [VersionSource.Draft]
        : stored.Experience.HasUnpublishedChanges ? [VersionSource.Live, VersionSource.Draft]
        : [VersionSource.Live];
}
