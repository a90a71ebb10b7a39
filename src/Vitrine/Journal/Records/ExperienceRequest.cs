namespace Vitrine.Journal.Records;

/// <summary>A stretch of the bytes that a request's parts refer to. <c>default</c> is absent.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Present">False for something that was not there, which is not the same as empty.</param>
public readonly record struct Slice(int Start, int Length, bool Present = true)
{
    /// <summary>The bytes themselves.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> source) => source.Slice(Start, Length);

    /// <summary>A stretch of other bytes, which are appended to the source.</summary>
    /// <param name="slice">What they are made of.</param>
    /// <param name="source">The bytes that it refers to.</param>
    /// <param name="most">How many there are at most.</param>
    /// <param name="replace">Makes them; answers how many there are.</param>
    public static Slice Replaced(Slice slice, ByteWriter source, int most, Replacement replace)
    {
        Span<byte> bytes = stackalloc byte[most];
        var length = replace(slice.Of(source.Written), bytes);
        source.WriteRaw(bytes[..length]);
        return new Slice(source.Length - length, length);
    }

    /// <summary>Writes what takes the place of bytes; answers how many there are.</summary>
    public delegate int Replacement(ReadOnlySpan<byte> present, Span<byte> target);
}

/// <summary>What an event reports.</summary>
public enum EventAction : byte
{
    /// <summary>The experience was shown: <c>MOE_PERSONALIZATION_MESSAGE_SHOWN</c>.</summary>
    Impression = 0,

    /// <summary>The experience was clicked: <c>MOE_PERSONALIZATION_MESSAGE_CLICKED</c>.</summary>
    Click = 1,
}

/// <summary>Where it was shown or clicked.</summary>
public enum Platform : byte
{
    /// <summary>Not said, or nothing that is known.</summary>
    Unknown = 0,

    /// <summary>A browser.</summary>
    Web = 1,

    /// <summary>Android.</summary>
    Android = 2,

    /// <summary>iOS.</summary>
    Ios = 3,

    /// <summary>A television.</summary>
    Tv = 4,
}

/// <summary>Which variation of which experience an event is about: the <c>experience_context</c> as it was delivered.</summary>
public record struct ExperienceContext(
    Slice Cid, Slice Experience, Slice LocaleId, Slice VariationId, Slice AudienceName, Slice AudienceId, Slice Type)
{
    /// <summary>In a record read from the journal: the context as encoded, by which it can be recognised.</summary>
    public Slice Encoded { get; set; }
}

/// <summary>One user's part of a request.</summary>
/// <param name="Index">Its place in <c>elements</c>.</param>
/// <param name="CustomerId">The customer, UTF-8.</param>
/// <param name="TimezoneOffset">Seconds east of UTC; null when unknown.</param>
/// <param name="UserAttributes">A JSON object; absent when nothing is to be set.</param>
/// <param name="FirstEvent">Where its events begin in the request's events.</param>
/// <param name="EventCount">How many they are.</param>
public readonly record struct RequestElement(
    int Index, Slice CustomerId, int? TimezoneOffset, Slice UserAttributes, int FirstEvent, int EventCount);

/// <summary>One impression or click.</summary>
/// <param name="Index">Its place in <c>actions</c>.</param>
/// <param name="Uuid">Its <c>moe_event_uuid</c>, in the order of its text.</param>
/// <param name="Action">Impression or click.</param>
/// <param name="Platform">Where.</param>
/// <param name="Time">Unix seconds.</param>
/// <param name="Context">Index into the request's contexts.</param>
/// <param name="ClickTarget">The <c>b_id</c>, or absent.</param>
/// <param name="Attributes">Its further attributes as a JSON object, or absent.</param>
public readonly record struct ExperienceEvent(
    int Index, UInt128 Uuid, EventAction Action, Platform Platform, long Time, int Context, Slice ClickTarget, Slice Attributes);

/// <summary>An event that was refused.</summary>
/// <param name="Element">The place of its element.</param>
/// <param name="Action">Its place in <c>actions</c>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Uuid">Its uuid where one could be read.</param>
/// <param name="Field">What was wrong, relative to the event or its element, UTF-8; absent when that is in another event.</param>
/// <param name="Explanation">What was wrong with it and what would be right, UTF-8; absent likewise.</param>
/// <param name="OfElement">Whether the field is the element's rather than the event's.</param>
public readonly record struct EventRejection(
    int Element, int Action, RejectionReason Reason, UInt128? Uuid, Slice Field, Slice Explanation, bool OfElement)
{
    /// <summary>JSON pointer to what was wrong.</summary>
    public string ErrorPath(ReadOnlySpan<byte> source) =>
        EventPath.Of(Element, OfElement ? -1 : Action, System.Text.Encoding.UTF8.GetString(Field.Of(source)));
}

/// <summary>
/// What a request to report events held: the shape between the wire, the journal and the projection. Its parts are
/// slices of <c>source</c> bytes that its maker owns. Reused: <see cref="Clear"/> keeps the memory.
/// </summary>
public sealed class ExperienceRequest
{
    /// <summary>Unix milliseconds at which the server had read the request.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>The environment id in UTF-8.</summary>
    public Slice Environment { get; set; }

    /// <summary>Why the request as a whole was refused; <see cref="RejectionReason.None"/> when it was accepted.</summary>
    public RejectionReason Refusal { get; set; }

    /// <summary>How many events the request held, good or bad, as far as they could be told apart.</summary>
    public int ReceivedEvents { get; set; }

    /// <summary>The contexts that the events refer to.</summary>
    public List<ExperienceContext> Contexts { get; } = [];

    /// <summary>The elements whose events are stored.</summary>
    public List<RequestElement> Elements { get; } = [];

    /// <summary>The stored events, element by element.</summary>
    public List<ExperienceEvent> Events { get; } = [];

    /// <summary>The refused events.</summary>
    public List<EventRejection> Rejections { get; } = [];

    /// <summary>What is left of events whose customers were erased.</summary>
    public List<ErasedEvent> Erased { get; } = [];

    /// <summary>Empties the request.</summary>
    public void Clear()
    {
        (ReceivedAt, Environment, Refusal, ReceivedEvents) = (0, default, RejectionReason.None, 0);
        Contexts.Clear();
        Elements.Clear();
        Events.Clear();
        Rejections.Clear();
        Erased.Clear();
    }
}
