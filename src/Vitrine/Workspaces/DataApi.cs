using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>What the endpoints share that the vendor's Data API has beside its Personalize API.</summary>
public static class DataApi
{
    /// <summary>
    /// Keeps routing from refusing a media type before the credentials are checked and without the contract's words.
    /// </summary>
    private const string AnyMediaType = "*/*";

    /// <summary>What an accepted request is told.</summary>
    public const string Accepted = "Your request has been accepted and will be processed soon.";

    private static readonly ApiError AnotherWorkspace = ApiError.Unauthenticated with
    {
        Description = "The path names another workspace than MOE-APPKEY and the credentials. Send the same workspace id in all three.",
    };

    /// <summary>Why a request is refused whose path names a workspace; null, and the environment, when it may go on.</summary>
    public static ApiError? Authenticate(HttpContext context, string workspaceId, RequestKind kind, out WorkspaceEnvironment? environment) =>
        TenantRequest.Refusal(context, kind, out environment)
            ?? (workspaceId != environment!.Id ? AnotherWorkspace : null);

    /// <summary>Describes what the endpoints take and answer.</summary>
    public static RouteHandlerBuilder DescribesDataApi<TBody, TAnswer>(this RouteHandlerBuilder endpoint)
        where TBody : notnull => endpoint
        .WithParameter("workspaceId", "The workspace id, with the suffix _DEBUG for its test environment; the same as MOE-APPKEY.")
        .WithHeader("MOE-APPKEY", "The workspace id; the same as the user name of the credentials. MOE-DBNAME is an old name of it.", required: true)
        .WithHeader("Content-Encoding", "gzip, br or zstd, where the body is compressed.")
        .Accepts<TBody>("application/json", AnyMediaType)
        .AddOpenApiOperationTransformer(static (operation, _, _) =>
        {
            operation.RequestBody?.Content?.Remove(AnyMediaType);
            return Task.CompletedTask;
        })
        .Produces<TAnswer>()
        .Produces<DataApiError>(StatusCodes.Status400BadRequest)
        .Produces<DataApiError>(StatusCodes.Status401Unauthorized)
        .Produces<DataApiError>(StatusCodes.Status413PayloadTooLarge)
        .Produces<DataApiError>(StatusCodes.Status415UnsupportedMediaType)
        .Produces<DataApiError>(StatusCodes.Status429TooManyRequests)
        .Produces<DataApiError>(StatusCodes.Status503ServiceUnavailable)
        .WithAnswerHeader(StatusCodes.Status503ServiceUnavailable, "Retry-After", "Seconds after which the request can be sent again.");
}
