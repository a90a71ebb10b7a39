using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary><c>/api/v1/experiences</c>: making, reading and changing drafts.</summary>
internal static class ExperienceEndpoints
{
    private const int DefaultPage = 50;
    private const int LargestPage = 200;

    /// <summary>Maps the endpoints.</summary>
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/experiences", CreateAsync)
            .WithName("createExperience")
            .WithSummary("Make an experience, as a draft")
            .WithDescription("The server gives the ids of audiences and variations. What is checked stands in /api/v1/schemas/experience.")
            .Accepts<ExperienceDocument>("application/json")
            .WithPartialBody("key", "name")
            .Produces<ExperienceAnswer>(StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        api.MapGet("/experiences", List)
            .WithName("listExperiences")
            .WithSummary("The experiences, by key")
            .WithDescription("Archived ones only where status asks for them.")
            .WithListParameter("status", "Only of these.", Enum.GetNames<ExperienceStatus>())
            .WithParameter("tag", "Only with this tag.")
            .WithParameter("text", "Only with this text in the key or the name, in any case.")
            .WithParameter("limit", "How many on a page: 1–200, 50 unless said.")
            .WithParameter("after", "The next of the page before.")
            .Produces<ExperienceListAnswer>();
        api.MapGet("/experiences/{key}", Get)
            .WithName("getExperience")
            .WithSummary("One experience, as its draft")
            .WithParameter("key", "By which clients ask for it.")
            .Produces<ExperienceAnswer>()
            .WithAnswerHeader(StatusCodes.Status200OK, "ETag", "The state of the experience.")
            .Refuses(StatusCodes.Status404NotFound);
        api.MapPut("/experiences/{key}", ReplaceAsync)
            .WithName("replaceExperience")
            .WithSummary("Replace the draft")
            .WithDescription("Needs If-Match. Audiences and variations are recognised by id, or else by name. What is delivered changes with publish only.")
            .WithParameter("key", "By which clients ask for it.")
            .Accepts<ExperienceDocument>("application/json")
            .WithPartialBody("key", "name")
            .Changes()
            .Refuses(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status428PreconditionRequired);
        api.MapPatch("/experiences/{key}", PatchAsync)
            .WithName("changeExperience")
            .WithSummary("Change parts of the draft")
            .WithDescription("A JSON merge patch (RFC 7396): lists are replaced whole. Needs If-Match.")
            .WithParameter("key", "By which clients ask for it.")
            .Accepts<ExperienceDocument>(ExperienceBody.MergePatchType, "application/json")
            .WithPartialBody()
            .Changes()
            .Refuses(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status428PreconditionRequired);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ExperienceAuthoring authoring)
    {
        var stored = authoring.Create(context.Environment(), AuthoringEndpoints.By(context), await ExperienceBody.ReadAsync(context));
        context.Response.Headers.Location = $"/api/v1/experiences/{stored.Key}";
        return AuthoringEndpoints.Answer(context, stored, StatusCodes.Status201Created);
    }

    private static IResult Get(HttpContext context, ExperienceAuthoring authoring, string key) =>
        AuthoringEndpoints.Answer(context, authoring.Find(context.Environment(), key));

    private static async Task<IResult> ReplaceAsync(HttpContext context, ExperienceAuthoring authoring, string key)
    {
        var seen = Required(context);
        var body = await ExperienceBody.ReadAsync(context);
        return AuthoringEndpoints.Answer(
            context, authoring.Change(context.Environment(), AuthoringEndpoints.By(context), key, seen, _ => body));
    }

    private static async Task<IResult> PatchAsync(HttpContext context, ExperienceAuthoring authoring, string key)
    {
        var seen = Required(context);
        var body = await ExperienceBody.ReadAsync(context, ExperienceBody.MergePatchType);
        var patch = (body.ValueKind == JsonValueKind.Object ? JsonObject.Create(body) : null)
            ?? throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "A merge patch of an experience is an object.");
        RefuseStatus(context, authoring.Find(context.Environment(), key), patch);
        return AuthoringEndpoints.Answer(
            context, authoring.Change(context.Environment(), AuthoringEndpoints.By(context), key, seen, draft => Patched(draft, patch)));
    }

    /// <summary>What the server says of an experience may be sent back with it; who asks for another status is told how to get it.</summary>
    private static void RefuseStatus(HttpContext context, StoredExperience stored, JsonObject patch)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        if (patch.TryGetPropertyValue("status", out var status) && status?.ToString() != stored.StatusAt(now).ToString())
        {
            throw AuthoringRefusedException.Invalid([new ApiFieldError("/status", $"It is {stored.StatusAt(now)}, and changes with publish, pause, resume and archive, and by the schedule.")]);
        }
    }

    private static JsonElement Patched(ExperienceDocument draft, JsonObject patch) => JsonSerializer.SerializeToElement(
        MergePatch.Apply(JsonSerializer.SerializeToNode(draft, ExperiencesJson.Readable.ExperienceDocument), patch));

    private static EntityTags Required(HttpContext context) => EntityTags.Of(context.Request)
        ?? throw new AuthoringRefusedException(StatusCodes.Status428PreconditionRequired, "Send If-Match with the ETag of the experience as you read it (or * to overwrite whatever is there), so that nobody's change is lost.");

    private static IResult List(
        HttpContext context, ExperienceStore store, TimeProvider time, string? status, string? tag, string? text, string? limit, string? after)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var statuses = Statuses(status);
        var page = (int)(AuthoringEndpoints.Number("limit", limit, LargestPage) ?? DefaultPage);
        var found = store.Of(context.Environment().Id).ByKey.Values
            .Where(one => statuses.Contains(one.StatusAt(now))
                && (string.IsNullOrEmpty(tag) || one.Experience.Draft.Tags.Contains(tag))
                && (string.IsNullOrEmpty(text)
                    || one.Key.Contains(text, StringComparison.OrdinalIgnoreCase)
                    || one.Experience.Draft.Name.Contains(text, StringComparison.OrdinalIgnoreCase)))
            .ToList();
        var behind = found.Where(one => after is null || string.CompareOrdinal(one.Key, after) > 0).ToList();
        return Results.Json(
            new ExperienceListAnswer(
                found.Count,
                [.. behind.Take(page).Select(one => Line(one, now))],
                behind.Count > page ? behind[page - 1].Key : null),
            ExperiencesJson.Readable.ExperienceListAnswer);
    }

    private static HashSet<ExperienceStatus> Statuses(string? list)
    {
        var all = Enum.GetValues<ExperienceStatus>().ToDictionary(static status => status.ToString());
        return string.IsNullOrEmpty(list)
            ? [.. all.Values.Where(static status => status != ExperienceStatus.Archived)]
            : [.. list.Split(',').Select(name => all.TryGetValue(name, out var status)
                ? status
                : throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, $"status: '{name}' is none of {string.Join(", ", all.Keys)}."))];
    }

    private static ListedExperience Line(StoredExperience stored, long now) => new(
        stored.Key,
        stored.Experience.Draft.Name,
        stored.Experience.Id,
        stored.StatusAt(now),
        stored.Experience.Draft.Priority,
        stored.Experience.Draft.Tags,
        stored.Live?.Number,
        stored.Experience.HasUnpublishedChanges,
        stored.Experience.Updated);
}
