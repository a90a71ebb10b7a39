namespace Vitrine.Tests.Support;

/// <summary>
/// A clock that stands still until it is set. Timers go by real time: a day that passes here must not make a server look
/// after its files a quarter of a million times.
/// </summary>
public sealed class HandSetClock : TimeProvider
{
    private long _ticks = Clock.Start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
