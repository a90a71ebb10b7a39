using NodaTime;
using NodaTime.Text;
using Vitrine.Conversions;
using Vitrine.Hosting;

namespace Vitrine.Reports;

/// <summary>What is asked by <see cref="CampaignStatsBody"/>, checked.</summary>
/// <param name="Range">The days.</param>
/// <param name="Attribution">What goal events count for.</param>
/// <param name="IsUnique">Whether customers are counted rather than events.</param>
/// <param name="CampaignIds">The experiences; null: all.</param>
/// <param name="Offset">How many are passed over.</param>
/// <param name="Limit">How many are answered.</param>
internal sealed record CampaignStatsQuestion(
    ReportRange Range, AttributionModel Attribution, bool IsUnique, IReadOnlyList<string>? CampaignIds, int Offset, int Limit)
{
    private const int Most = 10;
    private const int MostDays = 30;

    private static readonly string[] Attributions = ["VIEW_THROUGH", "CLICK_THROUGH", "IN_SESSION"];
    private static readonly string[] Metrics = ["TOTAL", "UNIQUE"];

    /// <summary>Checks a body; null, with what is wrong, when it cannot be answered.</summary>
    public static CampaignStatsQuestion? Read(CampaignStatsBody body, DateTimeZone zone, List<ApiFieldError> errors)
    {
        var start = Date("start_date", body.StartDate, errors);
        var end = Date("end_date", body.EndDate, errors);
        if (start is { } first && end is { } last && (last < first || Period.Between(first, last, PeriodUnits.Days).Days >= MostDays))
        {
            errors.Add(new ApiFieldError("/end_date", $"must be start_date or one of the {MostDays - 1} days after it"));
        }

        var attribution = Array.IndexOf(Attributions, body.AttributionType ?? Attributions[0]);
        var metric = Array.IndexOf(Metrics, body.MetricType ?? Metrics[0]);
        Check(attribution >= 0, "/attribution_type", $"must be one of {string.Join(", ", Attributions)}");
        Check(metric >= 0, "/metric_type", $"must be one of {string.Join(", ", Metrics)}");
        Check(body.CampaignIds is null or { Count: >= 1 and <= Most }, "/campaign_ids", $"must name 1–{Most} experiences, or be left out");
        Check(body.CampaignIds?.All(static id => !string.IsNullOrEmpty(id)) ?? true, "/campaign_ids", "must not name an empty id");
        Check(body.Offset is null or >= 0, "/offset", "must not be negative");
        Check(body.Limit is null or (>= 1 and <= Most), "/limit", $"must be 1–{Most}");
        if (errors.Count > 0)
        {
            return null;
        }

        var (range, wrong) = ReportRange.Parse(body.StartDate, LocalDatePattern.Iso.Format(end!.Value.PlusDays(1)), null, zone);
        Check(wrong is null, "/start_date", wrong ?? "");
        return range is null ? null : new CampaignStatsQuestion(
            range, (AttributionModel)attribution, metric == 1, body.CampaignIds?.Distinct(StringComparer.Ordinal).ToList(), body.Offset ?? 0, body.Limit ?? Most);

        void Check(bool isGood, string path, string reason)
        {
            if (!isGood)
            {
                errors.Add(new ApiFieldError(path, reason));
            }
        }
    }

    private static LocalDate? Date(string name, string text, List<ApiFieldError> errors)
    {
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date) && date.Year is >= 1970 and < 9998)
        {
            return date;
        }

        errors.Add(new ApiFieldError($"/{name}", "must be a date such as 2026-11-03"));
        return null;
    }
}
