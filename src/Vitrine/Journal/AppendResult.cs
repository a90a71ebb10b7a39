namespace Vitrine.Journal;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>On stable storage, at the position of the result.</summary>
    Durable,

    /// <summary>The queue in front of the journal is full; nothing was stored.</summary>
    Overloaded,

    /// <summary>The disk refuses to be written (full, read-only, an error); nothing was stored.</summary>
    Unwritable,

    /// <summary>The journal is closing; nothing was stored.</summary>
    Closing,
}

/// <summary>The outcome of an append and, when durable, the position of the record.</summary>
public readonly record struct AppendResult(AppendOutcome Outcome, long Position);

/// <summary>Whether the journal can be written.</summary>
/// <param name="Writable">True when the last attempt to write succeeded.</param>
/// <param name="Reason">Why not, in words for an operator; empty when writable.</param>
public sealed record JournalHealth(bool Writable, string Reason)
{
    /// <summary>The healthy state.</summary>
    public static JournalHealth Good { get; } = new(true, "");
}
