using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Semver;

namespace Vitrine.Tests.Experiences.Conditions;

internal sealed partial class PlainEvaluator
{
    private static readonly double FirstYear = Instant.FromUtc(1, 1, 1, 0, 0).ToUnixTimeMilliseconds();
    private static readonly double YearBehindLast = Instant.FromUtc(9999, 12, 31, 23, 59).ToUnixTimeMilliseconds() + 60_000;

    private static bool AreEqual(JsonNode one, JsonNode other, StringComparison comparison)
    {
        if (IsNumber(one) || IsNumber(other))
        {
            return Number(one) is { } number && number == Number(other);
        }

        return string.Equals(TextOrBoolean(one), TextOrBoolean(other), comparison);
    }

    /// <summary>Null when they have no order, which no comparison with 0 holds of.</summary>
    private static int? Order(JsonNode one, JsonNode other)
    {
        if (IsNumber(one) || IsNumber(other))
        {
            return Number(one) is { } left && Number(other) is { } right ? left.CompareTo(right) : null;
        }

        if (Text(one) is not { } text || Text(other) is not { } with)
        {
            return null;
        }

        // By code points, which is not the order of UTF-16.
        var (points, otherPoints) = (CodePoints(text), CodePoints(with));
        return points.Zip(otherPoints, static (point, otherPoint) => point.CompareTo(otherPoint))
            .Append(points.Count.CompareTo(otherPoints.Count))
            .FirstOrDefault(static order => order != 0);
    }

    private static List<int> CodePoints(string text) => [.. text.EnumerateRunes().Select(static rune => rune.Value)];

    private static bool IsNumber(JsonNode node) => node.GetValueKind() == JsonValueKind.Number;

    private static double? Number(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Number => double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture),
        JsonValueKind.String when JsonNumber().IsMatch((string)node!) => double.Parse((string)node!, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static string? Text(JsonNode node) => node.GetValueKind() == JsonValueKind.String ? (string?)node : null;

    private static string? TextOrBoolean(JsonNode node) => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? node.ToJsonString() : Text(node);

    private static SemVersion? Version(JsonNode node) => Text(node) is { } text && SemVersion.TryParse(
        text, SemVersionStyles.AllowV | SemVersionStyles.OptionalMinorPatch | SemVersionStyles.AllowLeadingZeros, out var version) ? version : null;

    /// <summary>The first moment, and the one behind the last; they are one millisecond apart but for whole days.</summary>
    private (Instant First, Instant End)? Date(JsonNode node)
    {
        var millisecond = Duration.FromMilliseconds(1);
        if (IsNumber(node))
        {
            var number = Number(node)!.Value;
            var milliseconds = Math.Floor(number >= 1e11 ? number : number * 1000);
            return milliseconds >= FirstYear && milliseconds < YearBehindLast ? (Instant.FromUnixTimeMilliseconds((long)milliseconds), Instant.FromUnixTimeMilliseconds((long)milliseconds) + millisecond) : null;
        }

        var match = Text(node) is { } text ? IsoDate().Match(text) : Match.Empty;
        if (!match.Success || LocalDatePattern.Iso.Parse(match.Groups["date"].Value) is not { Success: true, Value: var date })
        {
            return null;
        }

        if (match.Groups["time"].Value is not { Length: > 0 } clock)
        {
            return (zone.AtStartOfDay(date).ToInstant(), zone.AtStartOfDay(date.PlusDays(1)).ToInstant());
        }

        var time = LocalTimePattern.ExtendedIso.Parse(clock.Length == 5 ? clock + ":00" : clock);
        if (!time.Success)
        {
            return null;
        }

        var local = date + time.Value;
        var offset = match.Groups["offset"].Value.ToUpperInvariant().Replace(":", "", StringComparison.Ordinal);
        var exact = offset switch
        {
            "" => zone.AtLeniently(local).ToInstant(),
            "Z" => local.InUtc().ToInstant(),
            _ => local.WithOffset(OffsetPattern.CreateWithInvariantCulture("+HHmm").Parse(offset).Value).ToInstant(),
        };
        var first = Instant.FromUnixTimeMilliseconds(exact.ToUnixTimeMilliseconds());
        return (first, first + millisecond);
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ](?<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)(?<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?\z")]
    private static partial Regex IsoDate();
}
