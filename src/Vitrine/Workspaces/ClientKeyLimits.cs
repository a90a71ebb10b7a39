using System.Collections.Concurrent;

namespace Vitrine.Workspaces;

/// <summary>Counts the requests of each client key, by the minute of the clock.</summary>
/// <remarks>
/// Any thread may call. A key's minute and its count are one number, which is only ever replaced by comparing: of two
/// requests at the limit one is taken. Counts live in memory, one number for each limited key that was ever used.
/// </remarks>
public sealed class ClientKeyLimits(TimeProvider time)
{
    private const int SecondsOfMinute = 60;

    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    /// <summary>Takes a request of a key's minute. False when there is none left, with the seconds until there is.</summary>
    public bool TryTake(ClientKey key, out int secondsLeft)
    {
        secondsLeft = 0;
        if (key.RequestsPerMinute is not { } limit)
        {
            return true;
        }

        var now = time.GetUtcNow().ToUnixTimeSeconds();
        secondsLeft = SecondsOfMinute - (int)(now % SecondsOfMinute);
        return _counters.GetOrAdd(key.Key, static _ => new Counter()).TryTake(now / SecondsOfMinute, limit);
    }

    private sealed class Counter
    {
        private const int CountBits = 32;

        private long _minuteAndCount;

        public bool TryTake(long minute, int limit)
        {
            while (true)
            {
                var seen = Interlocked.Read(ref _minuteAndCount);
                var count = seen >> CountBits == minute ? (uint)seen : 0;
                if (count >= limit)
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref _minuteAndCount, (minute << CountBits) | (count + 1), seen) == seen)
                {
                    return true;
                }
            }
        }
    }
}
