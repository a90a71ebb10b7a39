using System.Runtime.CompilerServices;
using NodaTime;

namespace Vitrine.Experiences.Conditions;

/// <summary>
/// The offsets of a time zone, laid out to be looked up without allocating. NodaTime's own look-up keeps what it worked
/// out in a cache that dates far apart take from each other.
/// </summary>
/// <remarks>Immutable. One for each zone, some 10 KB, for as long as the zone lives.</remarks>
internal sealed class ZoneOffsets
{
    /// <summary>Until then changes are known; from then on the last offset stays.</summary>
    private static readonly Instant Horizon = Instant.FromUtc(2200, 1, 1, 0, 0);

    private static readonly ConditionalWeakTable<DateTimeZone, ZoneOffsets> Known = [];

    private readonly long[] _starts;
    private readonly long[] _offsets;

    private ZoneOffsets(DateTimeZone zone)
    {
        var intervals = zone.GetZoneIntervals(new Interval(null, Horizon)).ToList();
        _starts = [.. intervals.Select(static interval => interval.HasStart ? interval.Start.ToUnixTimeMilliseconds() : long.MinValue)];
        _offsets = [.. intervals.Select(static interval => (long)interval.WallOffset.Milliseconds)];
    }

    /// <summary>The offsets of a zone.</summary>
    public static ZoneOffsets Of(DateTimeZone zone) => Known.GetValue(zone, static zone => new ZoneOffsets(zone));

    /// <summary>What clocks in the zone show, as milliseconds since they showed the beginning of 1970.</summary>
    /// <param name="moment">Unix milliseconds.</param>
    public long ToLocal(long moment) => moment + _offsets[IntervalOf(moment)];

    /// <summary>
    /// The moment in Unix milliseconds at which clocks show a local time: the earlier one where they show it twice, and
    /// where they skip it, what they show as much later as they skip.
    /// </summary>
    public long ToUtc(long local)
    {
        // Offsets are less than a day and change less than once a day, so the right interval is this one or beside it.
        var guess = IntervalOf(local);
        var moment = local - _offsets[guess];
        for (var index = Math.Max(0, guess - 1); index <= guess + 1 && index < _starts.Length; index++)
        {
            var candidate = local - _offsets[index];
            if (candidate >= EndOf(index))
            {
                moment = candidate; // Behind its end: right if the next interval begins later on the clock.
            }
            else
            {
                return candidate >= _starts[index] ? candidate : moment;
            }
        }

        return moment;
    }

    private long EndOf(int index) => index + 1 < _starts.Length ? _starts[index + 1] : long.MaxValue;

    private int IntervalOf(long moment)
    {
        var index = Array.BinarySearch(_starts, moment);
        return index >= 0 ? index : ~index - 1;
    }
}
