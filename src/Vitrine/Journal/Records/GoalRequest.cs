namespace Vitrine.Journal.Records;

/// <summary>What a customer did, and may be somebody's goal.</summary>
/// <param name="Index">Its place in <c>actions</c>.</param>
/// <param name="Name">Index into the request's names.</param>
/// <param name="Uuid">By which it is recognised when it comes again; null: it never is.</param>
/// <param name="Platform">Where.</param>
/// <param name="Time">Unix seconds.</param>
/// <param name="TimezoneOffset">Seconds east of UTC; null when unknown.</param>
/// <param name="AppVersion">The version of the app, or absent.</param>
/// <param name="Attributes">A JSON object, or absent.</param>
public readonly record struct GoalAction(
    int Index, int Name, UInt128? Uuid, Platform Platform, long Time, int? TimezoneOffset, Slice AppVersion, Slice Attributes);

/// <summary>
/// What a request to report goal events held: the shape between the wire, the journal and the projection. Its parts are
/// slices of <c>source</c> bytes that its maker owns. Reused: <see cref="Clear"/> keeps the memory.
/// </summary>
public sealed class GoalRequest
{
    /// <summary>The element of everything in it: the request is about one customer and has none.</summary>
    public const int NoElement = -1;

    /// <summary>Unix milliseconds at which the server had read the request.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>The environment id in UTF-8.</summary>
    public Slice Environment { get; set; }

    /// <summary>Why the request as a whole was refused; <see cref="RejectionReason.None"/> when it was accepted.</summary>
    public RejectionReason Refusal { get; set; }

    /// <summary>How many events the request held, good or bad, as far as they could be told apart.</summary>
    public int ReceivedEvents { get; set; }

    /// <summary>Whose events they are, UTF-8; empty where none is stored.</summary>
    public Slice CustomerId { get; set; }

    /// <summary>The names of the stored events, each once.</summary>
    public List<Slice> Names { get; } = [];

    /// <summary>The stored events.</summary>
    public List<GoalAction> Actions { get; } = [];

    /// <summary>The refused events.</summary>
    public List<EventRejection> Rejections { get; } = [];

    /// <summary>What is left of events whose customer was erased.</summary>
    public List<ErasedEvent> Erased { get; } = [];

    /// <summary>Empties the request.</summary>
    public void Clear()
    {
        (ReceivedAt, Environment, Refusal, ReceivedEvents, CustomerId) = (0, default, RejectionReason.None, 0, default);
        Names.Clear();
        Actions.Clear();
        Rejections.Clear();
        Erased.Clear();
    }
}
