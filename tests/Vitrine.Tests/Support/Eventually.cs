using System.Diagnostics;

namespace Vitrine.Tests.Support;

/// <summary>Waits for what happens by itself, but not forever.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task BeTrueAsync(Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Limit);
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
