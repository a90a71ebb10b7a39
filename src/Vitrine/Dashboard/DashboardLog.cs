namespace Vitrine.Dashboard;

/// <summary>What the pages log.</summary>
internal static partial class DashboardLog
{
    /// <summary>A page failed; whoever saw it was told the id.</summary>
    [LoggerMessage(LogLevel.Error, "A page failed unexpectedly; whoever saw it was told the id {Id}")]
    public static partial void Failed(this ILogger logger, string id, Exception fault);

    /// <summary>Somebody could not sign in at the sign-in service.</summary>
    [LoggerMessage(LogLevel.Warning, "The sign-in service did not let somebody in: {Reason}")]
    public static partial void SignInServiceFailed(this ILogger logger, string reason);
}
