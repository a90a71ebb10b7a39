using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Experiences;

/// <summary>What the endpoints of this folder share: how refusals are answered, and experiences.</summary>
internal static class AuthoringEndpoints
{
    private const string OnBehalfOf = "Vitrine-On-Behalf-Of";
    private const int LongestName = 200;

    /// <summary>A group of the management API whose handlers may refuse by <see cref="AuthoringRefusedException"/>.</summary>
    public static RouteGroupBuilder MapAuthoringApi(this IEndpointRouteBuilder routes) => routes
        .MapManagementApi()
        .AddEndpointFilter(static async (invocation, next) =>
        {
            try
            {
                return await next(invocation);
            }
            catch (AuthoringRefusedException refusal)
            {
                return Problem.Result(refusal.Status, refusal.Message, refusal.Errors);
            }
        })
        .WithTags("Experiences");

    /// <summary>Says that an endpoint changes an experience: who may be named, which state is meant, and how it refuses.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder endpoint) => endpoint
        .WithHeader("If-Match", "The ETag of the state that the change is made on. When it is another by now, the answer is 412 and nothing is changed.")
        .WithHeader(OnBehalfOf, "Who makes the change, for the audit log: up to 200 characters.")
        .Produces<ExperienceAnswer>()
        .WithAnswerHeader(StatusCodes.Status200OK, "ETag", "The state of the experience.")
        .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status412PreconditionFailed);

    /// <summary>Who makes a change: the fingerprint of his key, behind the name that he gave.</summary>
    public static string By(HttpContext context)
    {
        var key = "key " + Authenticator.Fingerprint(context.Request.Headers);
        var name = ((string?)context.Request.Headers[OnBehalfOf])?.Trim();
        return string.IsNullOrEmpty(name) ? key
            : name.Length > LongestName ? throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, $"{OnBehalfOf} has at most {LongestName} characters.")
            : $"{name} ({key})";
    }

    /// <summary>The experience with its ETag.</summary>
    public static IResult Answer(HttpContext context, StoredExperience stored, int status = StatusCodes.Status200OK)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        context.Response.Headers.ETag = stored.EntityTag;
        return Results.Json(new ExperienceAnswer(stored, now), ExperiencesJson.Readable.ExperienceAnswer, statusCode: status);
    }

    /// <summary>Reads a small body of a known shape.</summary>
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
    {
        var body = await ExperienceBody.ReadAsync(context);
        var errors = new List<ApiFieldError>();
        BodyShape.Check("", body, type, errors);
        return errors.Count == 0
            ? body.Deserialize(type)!
            : throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "The body is not as described.", errors);
    }

    /// <summary>A number from 1 on in a query; null without one.</summary>
    public static long? Number(string name, string? text, long maximum) =>
        string.IsNullOrEmpty(text) ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number >= 1 && number <= maximum ? number
        : throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, $"{name}: '{text}' is no number from 1 to {maximum}.");
}
