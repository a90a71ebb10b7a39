using Fluid;
using Fluid.Values;
using NodaTime;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>
/// <c>date: "%Y-%m-%d"</c>, in the time zone of the experience. Its input is a date or time in ISO 8601, a number of Unix
/// seconds, or <c>"now"</c>. Time zones come from NodaTime, not from the machine.
/// </summary>
internal static class DateFilter
{
    /// <summary>Formats the date.</summary>
    public static ValueTask<FluidValue> Apply(FluidValue input, FilterArguments arguments, TemplateContext context) =>
        new StringValue(DateFormat.Write(Read(input, ((TemplateRun)context).Data), arguments.At(0).ToStringValue()));

    private static ZonedDateTime Read(FluidValue input, TemplateData data)
    {
        if (input is NumberValue)
        {
            var seconds = input.ToNumberValue();
            return seconds >= Instant.MinValue.ToUnixTimeSeconds() && seconds <= Instant.MaxValue.ToUnixTimeSeconds()
                ? Instant.FromUnixTimeSeconds((long)decimal.Floor(seconds)).InZone(data.Zone)
                : throw new TemplateFailureException($"{seconds} is no number of Unix seconds of a year that there is");
        }

        var text = input.ToStringValue();
        return text is "now" or "today" ? data.Now.InZone(data.Zone)
            : DateText.Read(text, data.Zone)
                ?? throw new TemplateFailureException($"'{(text.Length <= 40 ? text : text[..40])}' is no date; one looks like 2026-03-01 or 2026-03-01T12:30:00Z");
    }
}
