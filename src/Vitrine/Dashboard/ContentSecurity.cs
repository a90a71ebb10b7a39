namespace Vitrine.Dashboard;

/// <summary>What browsers may do with the pages.</summary>
/// <remarks>
/// Scripts come from this server's files only: nothing that an event says can run. Styles may stand in the page, because
/// the components set sizes and the theme's colours there; they load nothing from elsewhere.
/// </remarks>
internal static class ContentSecurity
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>Browsers that came by TLS come by TLS for a year from then on.</summary>
    private const string TransportSecurity = "max-age=31536000";

    /// <summary>Sets the headers of an answer.</summary>
    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = TransportSecurity;
        }

        return next(context);
    }
}
