using System.Globalization;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary><c>GET /api/v1/experiences/{key}/versions</c> and what lies below it.</summary>
internal static class VersionEndpoints
{
    private const string Draft = "draft";
    private const string Live = "live";

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/experiences/{key}/versions", List)
            .WithName("listExperienceVersions")
            .WithSummary("What was published, when, by whom, and what it changed")
            .WithDescription("Newest first.")
            .WithParameter("key", "By which clients ask for it.")
            .Produces<VersionListAnswer>()
            .Refuses(StatusCodes.Status404NotFound);
        api.MapGet("/experiences/{key}/versions/{version}", Get)
            .WithName("getExperienceVersion")
            .WithSummary("One version")
            .WithParameter("key", "By which clients ask for it.")
            .WithParameter("version", "Its number.")
            .Produces<ExperienceVersionAnswer>()
            .Refuses(StatusCodes.Status404NotFound);
        api.MapGet("/experiences/{key}/differences", Compare)
            .WithName("compareExperienceVersions")
            .WithSummary("How two states of an experience differ")
            .WithParameter("key", "By which clients ask for it.")
            .WithParameter("from", "The number of a version, draft, or live, which it is unless said.")
            .WithParameter("to", "The number of a version, live, or draft, which it is unless said.")
            .Produces<DifferenceAnswer>()
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static IResult List(HttpContext context, ExperienceAuthoring authoring, ExperienceStore store, string key)
    {
        var stored = authoring.Find(context.Environment(), key);
        var versions = new List<ListedVersion>();
        ExperienceVersion? before = null;
        for (var number = 1; number <= stored.Experience.LiveVersion; number++)
        {
            var version = Read(store, stored, number);
            versions.Add(new ListedVersion(
                number,
                version.Published,
                number == stored.Live?.Number,
                ExperienceAuthoring.Differences(before?.Document ?? new ExperienceDocument(), version.Document)));
            before = version;
        }

        versions.Reverse();
        return Results.Json(new VersionListAnswer(versions), ExperiencesJson.Readable.VersionListAnswer);
    }

    private static IResult Get(HttpContext context, ExperienceAuthoring authoring, ExperienceStore store, string key, string version)
    {
        var stored = authoring.Find(context.Environment(), key);
        var found = Read(store, stored, Number("version", version));
        return Results.Json(
            new ExperienceVersionAnswer(found.Number, found.Published, found.Number == stored.Live?.Number, found.Document),
            ExperiencesJson.Readable.ExperienceVersionAnswer);
    }

    private static IResult Compare(
        HttpContext context, ExperienceAuthoring authoring, ExperienceStore store, string key, string? from, string? to)
    {
        var stored = authoring.Find(context.Environment(), key);
        var (older, olderName) = State(store, stored, "from", from ?? Live);
        var (newer, newerName) = State(store, stored, "to", to ?? Draft);
        return Results.Json(
            new DifferenceAnswer(olderName, newerName, ExperienceAuthoring.Differences(older, newer)), ExperiencesJson.Readable.DifferenceAnswer);
    }

    private static (ExperienceDocument Document, string Name) State(ExperienceStore store, StoredExperience stored, string parameter, string name) =>
        name == Draft ? (stored.Experience.Draft, Draft)
        : name == Live ? State(store, stored, parameter, stored.Experience.LiveVersion.ToString(CultureInfo.InvariantCulture))
        : name == "0" ? (new ExperienceDocument(), name)
        : (Read(store, stored, Number(parameter, name)).Document, name);

    private static int Number(string parameter, string text) => (int)(AuthoringEndpoints.Number(parameter, text, int.MaxValue) ?? 0);

    private static ExperienceVersion Read(ExperienceStore store, StoredExperience stored, int number) =>
        (number <= stored.Experience.LiveVersion ? store.ReadVersion(stored.EnvironmentId, stored.Experience.Id, number) : null)
        ?? throw new AuthoringRefusedException(StatusCodes.Status404NotFound, $"The experience '{stored.Key}' has no version {number}; it has {stored.Experience.LiveVersion}.");
}
