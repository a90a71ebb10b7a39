using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>What the endpoints of the <c>/v1</c> family share: they say for which environment they speak in a header, and in their credentials.</summary>
public static class TenantRequest
{
    /// <summary>Why a request may not speak for the environment that it names; null, with the environment, when it may.</summary>
    public static ApiError? Refusal(HttpContext context, RequestKind kind, out WorkspaceEnvironment? environment)
    {
        var outcome = context.RequestServices.GetRequiredService<Authenticator>().Authenticate(context.Request.Headers, out var caller);
        environment = caller.Environment;
        return outcome switch
        {
            AuthenticationOutcome.UnknownTenant => ApiError.UnknownTenant,
            AuthenticationOutcome.InvalidCredentials => ApiError.Unauthenticated,
            _ when caller.Secret is null => ApiError.SecretKeyNeeded,
            _ => context.RequestServices.GetRequiredService<RateLimiter>().Refusal(context.Response, caller, kind),
        };
    }

    /// <summary>Describes what such an endpoint is sent, and how it refuses.</summary>
    public static TBuilder WithTenant<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint
        .WithHeader("MOE-APPKEY", "The workspace id, with the suffix _DEBUG for its test environment; the same as the user name of the credentials. MOE-DBNAME is an old name of it.", required: true)
        .WithMetadata(
            new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ApiError), ["application/json"]),
            new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(ApiError), ["application/json"]));
}
