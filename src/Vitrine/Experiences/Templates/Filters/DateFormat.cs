using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Calendars;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>
/// Formats a time by the directives of <c>strftime</c> that Liquid knows: <c>%Y</c>, <c>%-d</c>, <c>%^a</c>, <c>%03d</c>.
/// Names are English. What a directive means is taken from the documentation of Ruby's <c>Time#strftime</c>.
/// </summary>
internal static class DateFormat
{
    private static readonly DateTimeFormatInfo English = CultureInfo.InvariantCulture.DateTimeFormat;

    /// <summary>Formats, or throws and says which directive is none.</summary>
    public static string Write(ZonedDateTime time, string format)
    {
        var target = new StringBuilder(format.Length + 16);
        for (var index = 0; index < format.Length; index++)
        {
            if (format[index] == '%')
            {
                index = WriteDirective(time, format, index, target);
            }
            else
            {
                target.Append(format[index]);
            }
        }

        return target.ToString();
    }

    /// <summary>Writes one directive and answers where it ended.</summary>
    private static int WriteDirective(ZonedDateTime time, string format, int start, StringBuilder target)
    {
        var index = start + 1;
        var flags = index;
        while (index < format.Length && format[index] is '-' or '_' or '0' or '^' or '#' or ':')
        {
            index++;
        }

        var digits = index;
        while (index < format.Length && char.IsAsciiDigit(format[index]))
        {
            index++;
        }

        var named = format.AsSpan(flags, digits - flags);
        var text = index < format.Length && index - digits <= 2 ? Text(time, format[index], named.Contains(':')) : null;
        if (text is null)
        {
            var directive = format[start..Math.Min(index + 1, Math.Min(format.Length, start + 10))];
            throw new TemplateFailureException($"'{directive}' is no directive of a date; there are {Directives}");
        }

        target.Append(Pad(text.Value, named, index > digits ? int.Parse(format.AsSpan(digits, index - digits), CultureInfo.InvariantCulture) : null));
        return index;
    }

    private static string Pad(Field field, ReadOnlySpan<char> flags, int? width)
    {
        var text = flags.ContainsAny('^', '#') ? field.Text.ToUpperInvariant() : field.Text;
        if (flags.Contains('-'))
        {
            return text;
        }

        var fill = flags.Contains('_') ? ' ' : flags.Contains('0') ? '0' : field.Fill;
        return text.PadLeft(width ?? field.Width, fill);
    }

    /// <summary>What a directive says, and how it is padded where nothing else is asked for.</summary>
    private readonly record struct Field(string Text, int Width = 0, char Fill = ' ');

    private const string Directives = "%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %L %m %M %n %N %p %P %r %R %s %S %t %T %u %U %v %V %w %W %x %X %y %Y %z %Z %%";

    private static Field? Text(ZonedDateTime time, char directive, bool colon) => directive switch
    {
        'a' => new(English.AbbreviatedDayNames[Weekday(time)]),
        'A' => new(English.DayNames[Weekday(time)]),
        'b' or 'h' => new(English.AbbreviatedMonthNames[time.Month - 1]),
        'B' => new(English.MonthNames[time.Month - 1]),
        'c' => new(Write(time, "%a %b %e %H:%M:%S %Y")),
        'C' => Number(time.Year / 100, 2),
        'd' => Number(time.Day, 2),
        'D' or 'x' => new(Write(time, "%m/%d/%y")),
        'e' => Number(time.Day, 2, ' '),
        'F' => new(Write(time, "%Y-%m-%d")),
        'g' => Number(WeekYearRules.Iso.GetWeekYear(time.Date) % 100, 2),
        'G' => Number(WeekYearRules.Iso.GetWeekYear(time.Date), 4),
        'H' => Number(time.Hour, 2),
        'I' => Number(time.ClockHourOfHalfDay, 2),
        'j' => Number(time.DayOfYear, 3),
        'k' => Number(time.Hour, 2, ' '),
        'l' => Number(time.ClockHourOfHalfDay, 2, ' '),
        'L' => Number(time.Millisecond, 3),
        'm' => Number(time.Month, 2),
        'M' => Number(time.Minute, 2),
        'n' => new("\n"),
        'N' => Number(time.NanosecondOfSecond, 9),
        'p' => new(time.Hour < 12 ? "AM" : "PM"),
        'P' => new(time.Hour < 12 ? "am" : "pm"),
        'r' => new(Write(time, "%I:%M:%S %p")),
        'R' => new(Write(time, "%H:%M")),
        's' => Number(time.ToInstant().ToUnixTimeSeconds(), 1),
        'S' => Number(time.Second, 2),
        't' => new("\t"),
        'T' or 'X' => new(Write(time, "%H:%M:%S")),
        'u' => Number((int)time.DayOfWeek, 1),
        'U' => Number((time.DayOfYear + 6 - Weekday(time)) / 7, 2),
        'v' => new(Write(time, "%e-%^b-%Y")),
        'V' => Number(WeekYearRules.Iso.GetWeekOfWeekYear(time.Date), 2),
        'w' => Number(Weekday(time), 1),
        'W' => Number((time.DayOfYear + 6 - ((Weekday(time) + 6) % 7)) / 7, 2),
        'y' => Number(time.Year % 100, 2),
        'Y' => Number(time.Year, 4),
        'z' => new(time.Offset.ToString(colon ? "+HH:mm" : "+HHmm", CultureInfo.InvariantCulture)),
        'Z' => new(time.GetZoneInterval().Name),
        '%' => new("%"),
        _ => null,
    };

    private static Field Number(long number, int width, char fill = '0') => new(number.ToString(CultureInfo.InvariantCulture), width, fill);

    /// <summary>From 0, Sunday.</summary>
    private static int Weekday(ZonedDateTime time) => (int)time.DayOfWeek % 7;
}
