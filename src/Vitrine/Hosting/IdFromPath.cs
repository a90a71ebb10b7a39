using Microsoft.AspNetCore.Http.Features;

namespace Vitrine.Hosting;

/// <summary>Reads an id that is the last segment of a path and may hold any character.</summary>
internal static class IdFromPath
{
    private const string EncodedSlash = "%2F";

    /// <summary>
    /// The id. Routing decodes a segment but for an encoded slash, so that behind it <c>%2F</c> may have been
    /// <c>%2F</c>, a slash, or <c>%252F</c>, these three characters themselves: only what was sent tells.
    /// </summary>
    public static string Of(HttpContext context, string routed)
    {
        if (!routed.Contains(EncodedSlash, StringComparison.OrdinalIgnoreCase))
        {
            return routed;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0].TrimEnd('/');
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
