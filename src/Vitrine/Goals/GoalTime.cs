using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>Reads when an event happened.</summary>
internal static partial class GoalTime
{
    private static readonly string[] Formats =
        [.. new[] { "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd" }.SelectMany(static format => new[] { format + "K", format + "zz", format })];

    /// <summary>
    /// Unix seconds of a number or of a text of digits, which are Unix seconds already, or of an ISO 8601 time; or why it is
    /// none. A part of a second is left out.
    /// </summary>
    /// <param name="value">The field.</param>
    /// <param name="offset">Seconds east of UTC that a time means which does not say it.</param>
    /// <param name="now">Unix milliseconds by the server's clock.</param>
    public static (long Seconds, string? Why) Read(JsonElement value, int offset, long now)
    {
        const string what = "must be Unix time in whole seconds or an ISO 8601 time such as 2026-11-03T09:00:00Z";
        var text = GoalText.Of(value);
        if (text is null)
        {
            return (0, what);
        }

        // Parts of a second are left out, however many digits they have.
        text = PartOfSecond().Replace(text, "$1");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            return (seconds, EventTimeRules.WhyNot(seconds, now));
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return (0, EventTimeRules.WhyNot(long.MaxValue, now));
        }

        if (value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParseExact(text.ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return (0, what);
        }

        seconds = time.ToUnixTimeSeconds() - (SaysOffset(text) ? 0 : offset);
        return (seconds, seconds >= EventTimeRules.FirstMilliseconds ? $"lies more than 24 hours ahead of the server's clock, {now / 1000}" : EventTimeRules.WhyNot(seconds, now));
    }

    private static bool SaysOffset(string text) => text.Length > "yyyy-MM-dd".Length && text.AsSpan("yyyy-MM-dd".Length).IndexOfAny("Zz+-") >= 0;

    [GeneratedRegex(@"\A(-?[0-9]+|.*:[0-9]{2}:[0-9]{2})\.[0-9]+(?=\z|[Zz+\-])", RegexOptions.Singleline)]
    private static partial Regex PartOfSecond();
}
