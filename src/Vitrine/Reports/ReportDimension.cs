namespace Vitrine.Reports;

/// <summary>By what a report can be broken down.</summary>
/// <param name="Name">Its name in a query and in an answer.</param>
/// <param name="Of">What it is a property of.</param>
/// <param name="Sql">Where its value comes from.</param>
public sealed record ReportDimension(string Name, DimensionOf Of, string Sql)
{
    /// <summary>The column of deliveries that holds its value; null when these have none.</summary>
    public string? OfDeliveries { get; init; }

    /// <summary>Where conversions of hours without single events have its value.</summary>
    public required string OfHourlyConversions { get; init; }

    /// <summary>The platforms by number.</summary>
    internal static readonly string[] Platforms = ["Unknown", "web", "android", "ios", "tv"];

    private static readonly string PlatformNames = $"['{string.Join("', '", Platforms)}']";

    /// <summary>All there are.</summary>
    public static IReadOnlyList<ReportDimension> All { get; } =
    [
        new("variation", DimensionOf.Context, "c.variation_id") { OfDeliveries = "variation_id", OfHourlyConversions = "variation_id" },
        new("audience", DimensionOf.Context, "c.audience_id") { OfDeliveries = "audience_id", OfHourlyConversions = "audience_id" },
        new("locale", DimensionOf.Context, "c.locale_id") { OfHourlyConversions = "locale_id" },
        new("platform", DimensionOf.Platform, $"{PlatformNames}[e.platform + 1]") { OfHourlyConversions = $"{PlatformNames}[platform + 1]" },
        new("click_target", DimensionOf.ClickTarget, "t.b_id") { OfHourlyConversions = "b_id" },
    ];

    /// <summary>Reads a comma list. Without one: no dimension.</summary>
    /// <returns>The dimensions in the order asked for, or what is wrong.</returns>
    public static (IReadOnlyList<ReportDimension>? Dimensions, string? Error) Parse(string? list)
    {
        var dimensions = new List<ReportDimension>();
        foreach (var name in (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dimension = All.FirstOrDefault(dimension => dimension.Name == name);
            if (dimension is null)
            {
                return (null, $"by: '{name}' is none of {string.Join(", ", All.Select(static dimension => dimension.Name))}.");
            }

            if (!dimensions.Contains(dimension))
            {
                dimensions.Add(dimension);
            }
        }

        return (dimensions, null);
    }
}

/// <summary>What a dimension is a property of.</summary>
public enum DimensionOf
{
    /// <summary>The experience context.</summary>
    Context,

    /// <summary>The event: its platform.</summary>
    Platform,

    /// <summary>The event: what was clicked.</summary>
    ClickTarget,
}
