using Microsoft.Extensions.Time.Testing;

namespace Vitrine.Tests.Support;

/// <summary>The moment at which the tests take place.</summary>
public static class Clock
{
    public static DateTimeOffset Start { get; } = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public static long Now { get; } = Start.ToUnixTimeSeconds();

    public static FakeTimeProvider New() => new(Start);
}
