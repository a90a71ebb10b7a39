using System.Diagnostics;

namespace Vitrine.Micro;

/// <summary>How long single decisions take, of which a benchmark's mean says nothing.</summary>
internal static class DecisionLatencies
{
    private const int WarmUp = 50_000;
    private const int Decisions = 500_000;

    /// <summary>Measures and prints percentiles.</summary>
    public static void Print()
    {
        var world = new DecisionWorld();
        for (var index = 0; index < WarmUp; index++)
        {
            world.Decide();
        }

        var ticks = new long[Decisions];
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < Decisions; index++)
        {
            var started = Stopwatch.GetTimestamp();
            world.Decide();
            ticks[index] = Stopwatch.GetTimestamp() - started;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(ticks);
        Console.WriteLine(FormattableString.Invariant(
            $"{Decisions:N0} decisions about 25 of 500 experiences: p50 {At(ticks, 0.5):N1} µs, p99 {At(ticks, 0.99):N1} µs, p99.9 {At(ticks, 0.999):N1} µs; {(double)allocated / Decisions:N1} bytes allocated each"));
    }

    private static double At(long[] ticks, double quantile) =>
        Stopwatch.GetElapsedTime(0, ticks[(int)((ticks.Length - 1) * quantile)]).TotalMicroseconds;
}
