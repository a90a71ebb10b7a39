using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>The <c>/api/v1</c> family: Basic credentials, whose user name says which environment is meant.</summary>
public static class ManagementApi
{
    /// <summary>A group of endpoints below <c>/api/v1</c> that only the holder of a secret key may call.</summary>
    public static RouteGroupBuilder MapManagementApi(this IEndpointRouteBuilder routes) => routes
        .MapGroup("/api/v1")
        .AddEndpointFilter(static async (invocation, next) =>
        {
            var context = invocation.HttpContext;
            if (context.RequestServices.GetRequiredService<Authenticator>().AuthenticateByUserName(context.Request.Headers) is not { } caller)
            {
                return Problem.Result(
                    StatusCodes.Status401Unauthorized, "Send Basic credentials: the workspace id as user name, its secret key as password.");
            }

            if (context.RequestServices.GetRequiredService<RateLimiter>().Refusal(context.Response, caller, RequestKind.Management) is { } refusal)
            {
                return Problem.Result(refusal.Status, refusal.Description);
            }

            context.Features.Set(caller.Environment);
            return await next(invocation);
        })
        .RefuseUnknownQueryParameters()
        .Refuses(
            StatusCodes.Status400BadRequest,
            StatusCodes.Status401Unauthorized,
            StatusCodes.Status422UnprocessableEntity,
            StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable)
        .WithAnswerHeader(StatusCodes.Status429TooManyRequests, "Retry-After", "Seconds after which the next minute begins.")
        .WithAnswerHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds after which it is worth asking again.");

    /// <summary>The environment that the credentials of the request opened.</summary>
    public static WorkspaceEnvironment Environment(this HttpContext context) =>
        context.Features.Get<WorkspaceEnvironment>() ?? throw new InvalidOperationException("Map the endpoint below the management API.");
}
