using Vitrine.Hosting;

namespace Vitrine.WebSdk;

/// <summary>The script that pages load to fetch experiences and to report what became of them. Its source is <c>sdk/web</c>.</summary>
/// <remarks>
/// It is at one address that always has this server's version, and at one that names the version by its hash and never
/// changes. Pages of every origin may load it; what they may do with it, their client key says.
/// </remarks>
public static class WebSdkFeature
{
    /// <summary>Where this server's version is.</summary>
    public const string Path = "/sdk/vitrine.js";

    private const string Resource = "sdk/vitrine.js";

    /// <summary>Ten minutes: a page that is opened again does not ask, and a new server's script is soon everywhere.</summary>
    private const string KeptForAWhile = "public, max-age=600";

    private static readonly Lazy<EmbeddedFile> Script = new(static () => EmbeddedFile.Read(Resource, "text/javascript; charset=utf-8"));

    /// <summary>The address that names this version.</summary>
    public static string VersionedPath => $"/sdk/{Script.Value.Hash}/vitrine.js";

    /// <summary>What the <c>integrity</c> attribute of a tag with that address holds.</summary>
    public static string Integrity => Script.Value.Integrity;

    /// <summary>Maps the addresses.</summary>
    public static void MapWebSdk(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, static (HttpContext context) => Answer(context, KeptForAWhile)).ExcludeFromDescription();
        routes.MapGet("/sdk/{version}/vitrine.js", static (HttpContext context, string version) =>
            version == Script.Value.Hash ? Answer(context, EmbeddedFile.Immutable) : new ApiErrorResult(ApiError.OfStatus(StatusCodes.Status404NotFound)))
            .ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext context, string cacheControl)
    {
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return Script.Value.Answer(context, cacheControl);
    }
}
