namespace Vitrine.Client;

/// <summary>How a client reaches its server, and how it waits.</summary>
public sealed class VitrineOptions
{
    /// <summary>The server's address, such as <c>https://vitrine.example</c>. Required.</summary>
    public Uri? Host { get; set; }

    /// <summary>The workspace id; with the suffix <c>_DEBUG</c> its test environment. Required.</summary>
    public string Workspace { get; set; } = "";

    /// <summary>The workspace's secret key on a server; in what is handed out (apps) a client key, never the secret one. Required.</summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// The folder under which queued events and fetched experiences are kept, in a subfolder by workspace and host. Default:
    /// <c>Vitrine</c> in the user's local application data. Several processes may name the same one, where its file system
    /// has locks. Where it cannot be written, memory serves, and a warning is logged.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>
    /// Whether this process is one person's, as an app on a telephone is, so that a customer who is not named is that person.
    /// Default true; <c>AddVitrine</c> makes it false: on a server each call names its customer, and one that does not is refused
    /// rather than counted for everybody.
    /// </summary>
    public bool HasOwnCustomer { get; set; } = true;

    /// <summary>The platform that events are reported of: <c>web</c>, <c>android</c>, <c>ios</c> or <c>tv</c>. Default: none, which the server counts as <c>Unknown</c>.</summary>
    public string? Platform { get; set; }

    /// <summary>For how long an event waits for others to be sent with it. Default 2 s; from zero to an hour.</summary>
    public TimeSpan BatchDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>With so many events a request is sent without waiting for more. Default and maximum 100, which is the most that a request holds.</summary>
    public int BatchSize { get; set; } = 100;

    /// <summary>Bytes that the queued events of a process may take of the disk. Beyond it the oldest go, a sixteenth at a time, and are counted. Default 64 MiB, which is about 150,000 events; at least 64 KiB.</summary>
    public long MaximumQueueBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>For how long a request may take. Default 20 s; more than zero, at most a day.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>For how long <see cref="VitrineClient.DisposeAsync"/> tries to send what is queued. What is left is sent after the next start. Default 5 s; zero does not try.</summary>
    public TimeSpan DisposeLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What requests are sent with, such as one with the app's proxy; it stays the caller's, and is not disposed. Default: one of the client's own.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The clock of events and of waiting. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A copy that nobody changes any more; throws what is missing or out of range.</summary>
    internal VitrineOptions Checked()
    {
        Require(Host is { IsAbsoluteUri: true, Scheme: "http" or "https" }, nameof(Host), "is the server's address, such as https://vitrine.example");
        Require(Workspace is { Length: > 0 } && Workspace.IndexOf(':') < 0, nameof(Workspace), "is the workspace's id, which has no colon");
        Require(Key is { Length: > 0 }, nameof(Key), "is a key of the workspace");
        Require(BatchDelay >= TimeSpan.Zero && BatchDelay <= TimeSpan.FromHours(1), nameof(BatchDelay), "is from zero to an hour");
        Require(BatchSize is >= 1 and <= 100, nameof(BatchSize), "is 1–100");
        Require(MaximumQueueBytes >= 65_536, nameof(MaximumQueueBytes), "is at least 65,536 bytes");
        Require(RequestTimeout > TimeSpan.Zero && RequestTimeout <= TimeSpan.FromDays(1), nameof(RequestTimeout), "is more than zero, and at most a day");
        Require(DisposeLimit >= TimeSpan.Zero && DisposeLimit <= TimeSpan.FromDays(1), nameof(DisposeLimit), "is from zero to a day");
        Require(TimeProvider is not null, nameof(TimeProvider), "is a clock");
        return (VitrineOptions)MemberwiseClone();
    }

    private static void Require(bool isRight, string name, string rule)
    {
        if (!isRight)
        {
            throw new ArgumentException($"{nameof(VitrineOptions)}.{name} {rule}.", name);
        }
    }
}
