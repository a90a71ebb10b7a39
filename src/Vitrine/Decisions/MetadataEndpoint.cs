using System.Text.Json.Serialization;
using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary><c>GET /v1/experiences/metadata</c>: which experiences there are.</summary>
internal sealed class MetadataEndpoint(ClientAccess access, ExperienceStore store, TimeProvider time)
{
    /// <summary>In the order of the contract.</summary>
    private static readonly ExperienceStatus[] Listed = [ExperienceStatus.Active, ExperienceStatus.Paused, ExperienceStatus.Scheduled];

    /// <summary>Where it is.</summary>
    public const string Path = "/v1/experiences/metadata";

    /// <summary>Maps the endpoint with its description.</summary>
    public static void Map(IEndpointRouteBuilder routes, MetadataEndpoint endpoint) => routes
        .MapGet(Path, (HttpContext context, string? status) => endpoint.Handle(context, status))
        .WithName("listExperienceMetadata")
        .WithTags("Experiences")
        .WithSummary("Which experiences there are")
        .WithDescription("Drafts, and experiences whose end has come, are never listed.")
        .WithListParameter("status", "Only of these; without it, of all three. Other values list nothing.", Listed.Select(static status => status.ToString()))
        .WithTenant()
        .Produces<MetadataAnswer>()
        .Produces<ApiError>(StatusCodes.Status403Forbidden)
        .Produces<ApiError>(StatusCodes.Status429TooManyRequests);

    private IResult Handle(HttpContext context, string? status)
    {
        if (access.Refusal(context, RequestKind.Fetch, out var caller) is { } refusal)
        {
            return new ApiErrorResult(refusal);
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var asked = status?.Split(',').ToHashSet(StringComparer.Ordinal);
        var experiences = store.Of(caller.Environment.Id).ByKey.Values
            .Select(one => (Stored: one, Status: one.StatusAt(now)))
            .Where(one => Listed.Contains(one.Status) && (asked is null || asked.Contains(one.Status.ToString())))
            .Select(static one => new ExperienceMetadata(one.Stored.Live!.Document.Name, one.Stored.Key, one.Status))
            .ToList();
        return Results.Json(new MetadataAnswer(new MetadataList(experiences.Count, experiences)), DecisionsJson.Readable.MetadataAnswer);
    }
}

/// <summary>The answer of the metadata endpoint.</summary>
public sealed record MetadataAnswer([property: JsonPropertyName("metadata")] MetadataList Metadata);

/// <summary>The experiences with their number.</summary>
public sealed record MetadataList(
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("experiences")] IReadOnlyList<ExperienceMetadata> Experiences);

/// <summary>An experience in short.</summary>
public sealed record ExperienceMetadata(
    [property: JsonPropertyName("experience_name")] string Name,
    [property: JsonPropertyName("experience_key")] string Key,
    [property: JsonPropertyName("status")] ExperienceStatus Status);
