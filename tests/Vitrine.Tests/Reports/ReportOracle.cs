using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

/// <summary>Counts in the plainest way what a report must say.</summary>
public sealed record ReportOracle(
    IEnumerable<GeneratedEvent> Events, IEnumerable<GeneratedDelivery> Deliveries, DateTimeZone Zone, IReadOnlyList<string> By, string? Scale)
{
    public JsonObject Total => Figures(Events, Deliveries);

    /// <summary>Deliveries have no other dimensions.</summary>
    private bool SaysDelivered => By.All(static name => name is "variation" or "audience");

    private IEnumerable<Happening> All =>
        Events.Select(static one => new Happening(one, null)).Concat(SaysDelivered ? Deliveries.Select(static one => new Happening(null, one)) : []);

    public JsonArray Groups()
    {
        if (By.Count == 0)
        {
            return [Group([], All)];
        }

        var groups = All
            .GroupBy(one => string.Join('\n', By.Select(name => Value(one, name) ?? "\uFFFF")))
            .OrderBy(static group => group.Key, StringComparer.Ordinal);
        return [.. groups.Select(group => Group([.. By.Select(name => Value(group.First(), name))], group))];
    }

    /// <summary>The rows of the table in CSV, without its header.</summary>
    public IEnumerable<string[]> Rows() => Groups().SelectMany(group =>
    {
        var values = By.Select(name => Text(group![name]));
        return Scale is null
            ? [[.. values, .. group!["total"]!.AsObject().OrderBy(IsDelivered).Select(static figure => Text(figure.Value))]]
            : group!["buckets"]!.AsArray().Select(bucket => (string[])[.. values, .. bucket!.AsObject().OrderBy(IsDelivered).Select(static field => Text(field.Value))]);
    });

    public static JsonObject Figures(IEnumerable<GeneratedEvent> events, IEnumerable<GeneratedDelivery>? deliveries)
    {
        var shown = events.Where(static one => !one.IsClick).ToList();
        var clicked = events.Where(static one => one.IsClick).ToList();
        var uniqueShown = shown.Select(static one => one.Customer).Distinct().Count();
        var uniqueClicked = clicked.Select(static one => one.Customer).Distinct().Count();
        return new JsonObject
        {
            ["delivered"] = deliveries?.Sum(static one => one.Count),
            ["impressions"] = shown.Count,
            ["clicks"] = clicked.Count,
            ["ctr"] = Rate(clicked.Count, shown.Count),
            ["unique_impressions"] = uniqueShown,
            ["unique_clicks"] = uniqueClicked,
            ["unique_ctr"] = Rate(uniqueClicked, uniqueShown),
        };
    }

    private JsonObject Figures(IEnumerable<Happening> all) =>
        Figures(all.Select(static one => one.Event).OfType<GeneratedEvent>(), SaysDelivered ? all.Select(static one => one.Delivery).OfType<GeneratedDelivery>() : null);

    private JsonObject Group(string?[] values, IEnumerable<Happening> all)
    {
        var group = new JsonObject();
        for (var index = 0; index < By.Count; index++)
        {
            group[By[index]] = values[index];
        }

        group["total"] = Figures(all);
        if (Scale is not null)
        {
            group["buckets"] = new JsonArray([.. all.GroupBy(Start).OrderBy(static bucket => bucket.Key.ToInstant()).Select(Bucket)]);
        }

        return group;
    }

    private JsonObject Bucket(IGrouping<ZonedDateTime, Happening> all)
    {
        var bucket = new JsonObject { ["start"] = Format(all.Key) };
        foreach (var (name, value) in Figures(all))
        {
            bucket[name] = value?.DeepClone();
        }

        return bucket;
    }

    /// <summary>Hours go by the clock on the wall, and a change of the clock ends one.</summary>
    private ZonedDateTime Start(Happening one)
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

    private static string? Value(Happening one, string dimension) => dimension switch
    {
        "variation" => one.Event?.Variation ?? one.Delivery!.Variation,
        "audience" => one.Event?.Audience ?? one.Delivery!.Audience,
        "locale" => one.Event!.Locale,
        "platform" => one.Event!.Platform,
        _ => one.Event!.ClickTarget,
    };

    /// <summary>The table has it at its end.</summary>
    private static bool IsDelivered(KeyValuePair<string, JsonNode?> figure) => figure.Key == "delivered";

    private static JsonValue? Rate(int numerator, int denominator) => denominator == 0 ? null : JsonValue.Create(100.0 * numerator / denominator);

    private static string Text(JsonNode? value) => value?.ToString() ?? "";

    /// <summary>An event, or deliveries of an hour, which count where it begins.</summary>
    private sealed record Happening(GeneratedEvent? Event, GeneratedDelivery? Delivery)
    {
        public long Time => Event?.Time ?? Delivery!.Time;
    }
}
