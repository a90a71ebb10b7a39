namespace Vitrine.Journal.Records;

/// <summary>When an event may have happened, whatever it is.</summary>
public static class EventTimeRules
{
    /// <summary>Seconds that a user's clock may be east or west of UTC.</summary>
    public const int MaximumTimezoneOffset = 54_000;

    /// <summary>2010-01-01T00:00:00Z.</summary>
    public const long Earliest = 1_262_304_000;

    /// <summary>Seconds that an event may lie ahead of the server's clock.</summary>
    public const long MaximumAhead = 24 * 60 * 60;

    /// <summary>From here on a number can only be a time in milliseconds.</summary>
    public const long FirstMilliseconds = 100_000_000_000;

    /// <summary>Why a time is refused; null when it can be.</summary>
    /// <param name="seconds">Unix seconds.</param>
    /// <param name="now">Unix milliseconds by the server's clock.</param>
    public static string? WhyNot(long seconds, long now) =>
        seconds >= FirstMilliseconds ? "is in milliseconds; send Unix time in seconds"
        : seconds < Earliest ? "lies before 2010-01-01; send Unix time in seconds"
        : seconds > (now / 1000) + MaximumAhead ? $"lies more than 24 hours ahead of the server's clock, {now / 1000}"
        : null;
}
