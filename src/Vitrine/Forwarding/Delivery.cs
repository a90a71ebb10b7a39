namespace Vitrine.Forwarding;

/// <summary>What a target made of a delivery.</summary>
internal enum Verdict
{
    /// <summary>It has it.</summary>
    Delivered,

    /// <summary>It will never take all of it: something in it is poison.</summary>
    Refused,

    /// <summary>Not now: to be tried again.</summary>
    Failed,
}

/// <summary>What became of one try.</summary>
/// <param name="Verdict">Delivered, refused or failed.</param>
/// <param name="Status">An HTTP status, or what comes nearest to it; 0 when there was no answer.</param>
/// <param name="Reason">In a few words, without secrets and without anything of a customer.</param>
internal sealed record Delivery(Verdict Verdict, int Status, string Reason)
{
    /// <summary>How long the target asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What of it is refused or has failed, where the target has the rest; null: all of it.</summary>
    public IReadOnlyList<ForwardedItem>? Left { get; init; }
}

/// <summary>How one target is spoken to. Any number of threads.</summary>
internal interface IChannel : IAsyncDisposable
{
    /// <summary>How many of the first items make one delivery; at least one.</summary>
    int Take(ArraySegment<ForwardedItem> items);

    /// <summary>Tries once, within a limit of time. Throws only when it is cancelled.</summary>
    Task<Delivery> SendAsync(IReadOnlyList<ForwardedItem> items, CancellationToken cancellation);
}
