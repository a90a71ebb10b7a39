using Microsoft.Extensions.Logging;

namespace Vitrine.Client.Tests.Support;

/// <summary>A log that does with each entry's values what a test wants.</summary>
internal sealed class Logs(Action<IReadOnlyList<KeyValuePair<string, object?>>> entry) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        entry((IReadOnlyList<KeyValuePair<string, object?>>)state!);

    public void Dispose()
    {
    }
}
