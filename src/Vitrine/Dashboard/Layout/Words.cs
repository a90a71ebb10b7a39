using System.Globalization;

namespace Vitrine.Dashboard.Layout;

/// <summary>Figures as people read them.</summary>
internal static class Words
{
    /// <summary>No figure: nothing is known, which is not nought.</summary>
    public const string None = "–";

    /// <summary>A whole number with its thousands apart.</summary>
    public static string Number(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture) ?? None;

    /// <summary>A number of customers, marked where it is an estimate.</summary>
    public static string Customers(long? number, Reports.Figures? figures) => About(figures) + Number(number);

    /// <summary>A share of customers, marked where it is an estimate.</summary>
    public static string PercentOfCustomers(double? percent, Reports.Figures? figures) => About(figures) + Percent(percent);

    private static string About(Reports.Figures? figures) => figures?.AreUniquesEstimated is true ? "≈ " : "";

    /// <summary>A share in per cent, from per cent.</summary>
    public static string Percent(double? percent) => percent?.ToString("0.00", CultureInfo.InvariantCulture) is { } text ? text + " %" : None;

    /// <summary>An amount of money.</summary>
    public static string Money(decimal? amount, string? currency) =>
        amount is null ? None : $"{amount.Value.ToString("N2", CultureInfo.InvariantCulture)} {currency}".TrimEnd();

    /// <summary>How much more it is than before, in per cent; nothing without a before.</summary>
    public static string? Change(double? now, double? before)
    {
        if (now is not { } present || before is not { } past || past == 0)
        {
            return null;
        }

        var change = 100 * (present - past) / past;
        return change > 999 ? "> +999 %" : $"{(change < 0 ? "−" : "+")}{Math.Abs(change).ToString("0.0", CultureInfo.InvariantCulture)} %";
    }

    /// <summary>A moment in a zone, with the zone.</summary>
    public static string Moment(DateTimeOffset moment, NodaTime.DateTimeZone zone) =>
        NodaTime.Instant.FromDateTimeOffset(moment).InZone(zone).ToString("d MMM uuuu HH:mm x", CultureInfo.InvariantCulture);
}
