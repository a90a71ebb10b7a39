using Microsoft.Extensions.Primitives;
using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>What the endpoints share that pages and apps may call too, with a client key.</summary>
/// <remarks>
/// Answers are readable for pages of every origin that any client key allows, errors too: which workspace is meant, a
/// browser does not say when it asks beforehand. Nothing but the credentials that a page sends itself opens anything, so
/// that is no more than anybody gets who asks without a browser. Whether a key may be used from an origin is checked by key.
/// </remarks>
public sealed class ClientAccess(Authenticator authenticator, RateLimiter limiter, ICatalog catalog)
{
    private const string RequestHeaders = "Authorization, MOE-APPKEY, Content-Type, Prefer";
    private const string AnswerHeaders = "Retry-After, x-request-id, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, Preference-Applied";

    /// <summary>Seconds for which a browser need not ask again; more is not kept by any.</summary>
    private const string PreflightSeconds = "7200";

    /// <summary>Names of what stands in an address where a browser can send no header (<c>navigator.sendBeacon</c>).</summary>
    private const string TenantParameter = "moe_appkey", KeyParameter = "client_key";

    /// <summary>Answers what browsers ask before they let a page call an endpoint.</summary>
    public static void MapPreflight(IEndpointRouteBuilder routes, string path, string method) => routes
        .MapMethods(path, [HttpMethods.Options], (Func<HttpContext, Task>)(context =>
            context.RequestServices.GetRequiredService<ClientAccess>().AnswerPreflightAsync(context, method)))
        .ExcludeFromDescription()
        .ShortCircuit();

    /// <summary>Why a request may not speak for the environment that it names; null, with the caller, when it may.</summary>
    /// <param name="context">The request; its answer is made readable for the page that sent it.</param>
    /// <param name="kind">As what it is counted.</param>
    /// <param name="caller">For whom it speaks.</param>
    /// <param name="takesBeacons">Whether the id and a client key may stand in the address.</param>
    public ApiError? Refusal(HttpContext context, RequestKind kind, out Caller caller, bool takesBeacons = false)
    {
        var headers = context.Request.Headers;
        var origin = headers.Origin;
        if (origin.Count > 0)
        {
            AllowReading(context.Response.Headers, origin);
        }

        var outcome = takesBeacons && headers.Authorization.Count == 0 && context.Request.QueryString.HasValue && context.Request.Query.ContainsKey(KeyParameter)
            ? authenticator.AuthenticateClient(context.Request.Query[TenantParameter], context.Request.Query[KeyParameter], out caller)
            : authenticator.Authenticate(headers, out caller);
        return outcome switch
        {
            AuthenticationOutcome.UnknownTenant => ApiError.UnknownTenant,
            AuthenticationOutcome.InvalidCredentials => ApiError.Unauthenticated,
            _ when caller.Client?.Allows((string?)origin) == false => ApiError.OriginNotAllowed(origin!),
            _ => limiter.Refusal(context.Response, caller, kind),
        };
    }

    private Task AnswerPreflightAsync(HttpContext context, string method)
    {
        var (origin, headers) = (context.Request.Headers.Origin, context.Response.Headers);
        if (!AllowReading(headers, origin))
        {
            return ApiErrorResponse.WriteAsync(context, ApiError.OriginNotAllowed(origin.ToString()));
        }

        headers.AccessControlAllowMethods = method;
        headers.AccessControlAllowHeaders = RequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private bool AllowReading(IHeaderDictionary answer, StringValues origin)
    {
        answer.Vary = "Origin";
        if (origin is not [{ } one] || !catalog.Current.Allows(one))
        {
            return false;
        }

        answer.AccessControlAllowOrigin = one;
        answer.AccessControlExposeHeaders = AnswerHeaders;
        return true;
    }
}
