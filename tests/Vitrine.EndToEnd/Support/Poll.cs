using System.Diagnostics;

namespace Vitrine.EndToEnd.Support;

/// <summary>Waits for the thing itself, with a limit.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is yes; past the limit the test fails, saying what it waited for.</summary>
    public static async Task UntilAsync(string what, TimeSpan limit, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                Assert.Fail($"{what}: not within {limit.TotalSeconds:0.#} s");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As above, for a question that needs no waiting.</summary>
    public static Task UntilAsync(string what, TimeSpan limit, Func<bool> condition) =>
        UntilAsync(what, limit, () => Task.FromResult(condition()));
}
