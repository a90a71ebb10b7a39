using System.Text;

namespace Vitrine.Experiences.Conditions;

/// <summary>Days and hours, as conditions see them.</summary>
internal static class Calendar
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const long Week = 7 * Day;
    private const int Thursday = 3;

    /// <summary>The names of the days, Monday first.</summary>
    public static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// <summary>The days' names in slots 0–6, the hours behind them. Nobody changes it, so everybody may read it.</summary>
    public static readonly AttributeValues Values = Fill();

    /// <summary>The slot of the day of a moment.</summary>
    /// <param name="local">Milliseconds since clocks showed the beginning of 1970, a Thursday.</param>
    public static int SlotOfDay(long local) => (int)(Modulo(local + (Thursday * Day), Week) / Day);

    /// <summary>The slot of the hour of a moment.</summary>
    public static int SlotOfHour(long local) => Days.Length + (int)(Modulo(local, Day) / Hour);

    /// <summary>
    /// The moment nearest to now at which it is, in UTC, a certain day of the week, a certain hour, or both, and which
    /// otherwise is like now: with a day alone it is the same time of that day, with an hour the same minute of it. Of two
    /// equally near ones it is the later.
    /// </summary>
    /// <remarks>The very nearest moment of a day would be its midnight in UTC, which in most time zones is another day.</remarks>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="day">0 for Monday to 6; null: any.</param>
    /// <param name="hour">0–23; null: any.</param>
    public static long Nearest(long now, int? day, int? hour)
    {
        if (day is null && hour is null)
        {
            return now;
        }

        var step = hour is null ? Day : Hour;
        var period = day is null ? Day : Week;
        var wanted = (((day ?? Thursday) - Thursday) * Day) + ((hour ?? 0) * Hour);
        var forward = Modulo(wanted - (now - Modulo(now, step)), period);
        return now + (forward * 2 > period ? forward - period : forward);
    }

    private static long Modulo(long number, long modulus) => ((number % modulus) + modulus) % modulus;

    private static AttributeValues Fill()
    {
        var values = new AttributeValues();
        for (var day = 0; day < Days.Length; day++)
        {
            values.Set(day, Encoding.UTF8.GetBytes(Days[day]));
        }

        for (var hour = 0; hour < 24; hour++)
        {
            values.Set(Days.Length + hour, hour);
        }

        return values;
    }
}
