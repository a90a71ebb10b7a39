namespace Vitrine.Decisions;

/// <summary>Which delivery a counter counts.</summary>
/// <param name="EnvironmentId">The environment.</param>
/// <param name="ExperienceId">The experience.</param>
/// <param name="Experience">What it was called.</param>
/// <param name="Version">Its version.</param>
/// <param name="AudienceId">The audience.</param>
/// <param name="AudienceName">What that was called.</param>
/// <param name="VariationId">The variation.</param>
internal sealed record Delivery(
    string EnvironmentId, string ExperienceId, string Experience, int Version, string AudienceId, string AudienceName, string VariationId);

/// <summary>Counts how often a variation is delivered, hour by hour.</summary>
/// <remarks>
/// Any thread may count; one takes what was counted. The hour is kept beside the count under one lock, so that a count is
/// never credited to another hour than that of its delivery; the lock is held for a few nanoseconds.
/// </remarks>
internal sealed class DeliveryCounter(Delivery delivery)
{
    private const long HourMilliseconds = 3_600_000;

    private readonly Lock _gate = new();
    private readonly List<(long Hour, long Count)> _past = [];
    private long _hour;
    private long _count;

    /// <summary>What is counted.</summary>
    public Delivery Delivery => delivery;

    /// <summary>Counts one.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public void Count(long now)
    {
        var hour = now / HourMilliseconds;
        lock (_gate)
        {
            if (hour != _hour)
            {
                Turn(hour);
            }

            _count++;
        }
    }

    /// <summary>Moves what was counted since the last time into a list: Unix hours and counts.</summary>
    public void Take(List<(Delivery Delivery, long Hour, long Count)> target)
    {
        lock (_gate)
        {
            Turn(_hour);
            foreach (var (hour, count) in _past)
            {
                target.Add((delivery, hour, count));
            }

            _past.Clear();
        }
    }

    /// <summary>Gives back what was taken and could not be kept.</summary>
    public void GiveBack(long hour, long count)
    {
        lock (_gate)
        {
            var same = _past.FindIndex(one => one.Hour == hour);
            if (same < 0)
            {
                _past.Add((hour, count));
            }
            else
            {
                _past[same] = (hour, _past[same].Count + count); // While nothing can be kept this happens each second.
            }
        }
    }

    private void Turn(long hour)
    {
        if (_count > 0)
        {
            _past.Add((_hour, _count));
        }

        (_hour, _count) = (hour, 0);
    }
}
