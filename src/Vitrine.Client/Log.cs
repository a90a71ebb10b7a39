using Microsoft.Extensions.Logging;

namespace Vitrine.Client;

/// <summary>What a client logs. It names no customer and no content of an event.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Events are kept in memory, and end with this process: {Folder} cannot be written.")]
    public static partial void KeepsInMemory(this ILogger logger, string folder, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "{Count} events are dropped ({Reason}): the queue has {Maximum} bytes, and what is in memory ends with this process.")]
    public static partial void Drops(this ILogger logger, int count, string reason, long maximum);

    [LoggerMessage(3, LogLevel.Warning, "{Path} cannot be deleted. Events in it may be sent again, and count once.")]
    public static partial void CannotDelete(this ILogger logger, string path, Exception fault);

    [LoggerMessage(4, LogLevel.Warning, "{Count} events could not be sent: {Reason} (status {Status}). They are kept, and sent again in {Seconds:0.0} s.")]
    public static partial void CannotSend(this ILogger logger, int count, string reason, int status, double seconds);

    [LoggerMessage(5, LogLevel.Error, "The server will never take an event, which is dropped: {Path}: {Reason}")]
    public static partial void Refused(this ILogger logger, string path, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The clock here is wrong: {Reason}. The event is sent without its time, and counts when it arrives.")]
    public static partial void ClockIsWrong(this ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Error, "Sending failed unexpectedly; what is queued stays.")]
    public static partial void FailsUnexpectedly(this ILogger logger, Exception fault);

    [LoggerMessage(8, LogLevel.Error, "An event could not be reported.")]
    public static partial void CannotReport(this ILogger logger, Exception fault);

    [LoggerMessage(9, LogLevel.Warning, "{Path} cannot be kept for the next start.")]
    public static partial void CannotKeep(this ILogger logger, string path, Exception fault);

    [LoggerMessage(10, LogLevel.Warning, "{Path} cannot be read now, and is left as it is.")]
    public static partial void CannotRead(this ILogger logger, string path, Exception fault);

    [LoggerMessage(11, LogLevel.Warning, "The server could not be asked: {Reason} (status {Status}). What it said last is used.")]
    public static partial void UsesCache(this ILogger logger, string reason, int status);
}
