using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Counts in the plainest way what a report must say.</summary>
public sealed record ReportOracle(IEnumerable<GeneratedEvent> Events, DateTimeZone Zone, IReadOnlyList<string> By, string? Scale)
{
    public JsonObject Total => Figures(Events);

    public JsonArray Groups()
    {
        if (By.Count == 0)
        {
            return [Group([], Events)];
        }

        var groups = Events
            .GroupBy(one => string.Join('\n', By.Select(name => Value(one, name) ?? "\uFFFF")))
            .OrderBy(static group => group.Key, StringComparer.Ordinal);
        return [.. groups.Select(group => Group([.. By.Select(name => Value(group.First(), name))], group))];
    }

    /// <summary>The rows of the table in CSV, without its header.</summary>
    public IEnumerable<string[]> Rows() => Groups().SelectMany(group =>
    {
        var values = By.Select(name => Text(group![name]));
        return Scale is null
            ? [[.. values, .. group!["total"]!.AsObject().Select(static figure => Text(figure.Value))]]
            : group!["buckets"]!.AsArray().Select(bucket => (string[])[.. values, .. bucket!.AsObject().Select(static field => Text(field.Value))]);
    });

    public static JsonObject Figures(IEnumerable<GeneratedEvent> events)
    {
        var shown = events.Where(static one => !one.IsClick).ToList();
        var clicked = events.Where(static one => one.IsClick).ToList();
        var uniqueShown = shown.Select(static one => one.Customer).Distinct().Count();
        var uniqueClicked = clicked.Select(static one => one.Customer).Distinct().Count();
        return new JsonObject
        {
            ["impressions"] = shown.Count,
            ["clicks"] = clicked.Count,
            ["ctr"] = Rate(clicked.Count, shown.Count),
            ["unique_impressions"] = uniqueShown,
            ["unique_clicks"] = uniqueClicked,
            ["unique_ctr"] = Rate(uniqueClicked, uniqueShown),
        };
    }

    private JsonObject Group(string?[] values, IEnumerable<GeneratedEvent> events)
    {
        var group = new JsonObject();
        for (var index = 0; index < By.Count; index++)
        {
            group[By[index]] = values[index];
        }

        group["total"] = Figures(events);
        if (Scale is not null)
        {
            group["buckets"] = new JsonArray([.. events.GroupBy(Start).OrderBy(static bucket => bucket.Key.ToInstant()).Select(Bucket)]);
        }

        return group;
    }

    private static JsonObject Bucket(IGrouping<ZonedDateTime, GeneratedEvent> events)
    {
        var bucket = new JsonObject { ["start"] = Format(events.Key) };
        foreach (var (name, value) in Figures(events))
        {
            bucket[name] = value?.DeepClone();
        }

        return bucket;
    }

    /// <summary>Hours go by the clock on the wall, and a change of the clock ends one.</summary>
    private ZonedDateTime Start(GeneratedEvent one)
    {
        var instant = Instant.FromUnixTimeSeconds(one.Time);
        var local = instant.InZone(Zone);
        if (Scale == "hour")
        {
            var start = instant - Duration.FromSeconds(local.Second); // Clocks change at whole minutes.
            while (start.InZone(Zone).Minute > 0 && Zone.GetUtcOffset(start - Duration.FromSeconds(1)) == local.Offset)
            {
                start -= Duration.FromMinutes(1);
            }

            return start.InZone(Zone);
        }

        return Zone.AtStartOfDay(Scale switch
        {
            "day" => local.Date,
            "week" => local.Date.DayOfWeek == IsoDayOfWeek.Monday ? local.Date : local.Date.Previous(IsoDayOfWeek.Monday),
            _ => new LocalDate(local.Year, local.Month, 1),
        });
    }

    private static string Format(ZonedDateTime start)
    {
        var offset = start.Offset.Seconds;
        return start.LocalDateTime.ToString("uuuu-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)
            + (offset == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 3600:00}:{Math.Abs(offset) / 60 % 60:00}"));
    }

    private static string? Value(GeneratedEvent one, string dimension) => dimension switch
    {
        "variation" => one.Variation,
        "audience" => one.Audience,
        "locale" => one.Locale,
        "platform" => one.Platform,
        _ => one.ClickTarget,
    };

    private static JsonValue? Rate(int numerator, int denominator) => denominator == 0 ? null : JsonValue.Create(100.0 * numerator / denominator);

    private static string Text(JsonNode? value) => value?.ToString() ?? "";
}
