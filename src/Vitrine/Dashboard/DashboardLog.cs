namespace Vitrine.Dashboard;

/// <summary>What the pages log.</summary>
internal static partial class DashboardLog
{
    /// <summary>A page failed; whoever saw it was told the id.</summary>
    [LoggerMessage(LogLevel.Error, "A page failed unexpectedly; whoever saw it was told the id {Id}")]
    public static partial void Failed(this ILogger logger, string id, Exception fault);
}
