using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Diagnostics;
using Vitrine.Projection;

namespace Vitrine.Hosting;

/// <summary>
/// Gives every failure a body: the shapes of the wire contract below <c>/v1</c>, problem details elsewhere.
/// </summary>
public static partial class Errors
{
    /// <summary>
    /// Adds the handlers for exceptions and for answers without a body. An endpoint that short-circuits always writes its
    /// own body, and only the former stands before it.
    /// </summary>
    public static void UseErrors(this WebApplication application)
    {
        application.UseExceptionHandler(static handler => handler.Run(AnswerExceptionAsync));
        application.UseRouting();
        application.UseStatusCodePages(static pages => AnswerStatusAsync(pages.HttpContext));
    }

    /// <summary>503 with the time after which to come again.</summary>
    public static Task AnswerUnavailableAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
        return AnswerStatusAsync(context);
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        if (fault is ProjectionUnavailableException)
        {
            return Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, fault.Message);
        }

        if (fault is ProjectionLimitException)
        {
            return Problem.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, fault.Message);
        }

        if (fault is BadHttpRequestException bad)
        {
            context.Response.StatusCode = bad.StatusCode;
            return AnswerStatusAsync(context);
        }

        if (fault is OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // Nobody is there to read more.
            return Task.CompletedTask;
        }

        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Errors).FullName!);
        Unexpected(logger, fault, context.Request.Method, context.Request.Path.Value, ApiErrorResponse.NewRequestId(context));
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return AnswerStatusAsync(context);
    }

    private static Task AnswerStatusAsync(HttpContext context)
    {
        var error = ApiError.OfStatus(context.Response.StatusCode);
        return DataApiError.IsShapeOf(context.Request.Path) ? DataApiError.WriteAsync(context, error)
            : context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) ? ApiErrorResponse.WriteAsync(context, error)
            : Problem.WriteAsync(context, error.Status, error.Description);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed unexpectedly; its answer carries the id {RequestId}")]
    private static partial void Unexpected(ILogger logger, Exception? fault, string method, string? path, string requestId);
}
