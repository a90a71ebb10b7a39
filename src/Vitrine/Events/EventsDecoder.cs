using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Workspaces;

namespace Vitrine.Events;

/// <summary>
/// Decodes and checks a body of <c>POST /v1/experiences/events</c> in one pass over its bytes, without a document
/// model and, in steady state, without an allocation: everything it finds is a slice of <see cref="Source"/>.
/// </summary>
/// <remarks>
/// <para>
/// The fields of an object may come in any order and more than once, and the last one wins; so the values of an object
/// are noted while it is read and judged at its end. A repeated <c>actions</c> or <c>elements</c> takes back
/// everything, errors included, that the earlier one brought.
/// </para>
/// <para>
/// Decoding goes on behind an error, so that an answer can name many and the ledger can count every event. Used by one
/// request at a time: rent, decode, use the result, return.
/// </para>
/// </remarks>
[SuppressMessage(
    "Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Its Utf8JsonWriter writes to memory that the pool keeps.")]
public sealed partial class EventsDecoder
{
    private const int KeptDecoders = 256;
    private const int KeptSourceBytes = 256 * 1024;
    private const int KeptActions = 1024;
    private const int MaximumDepth = 64;
    private static readonly ConcurrentQueue<EventsDecoder> Pool = new();

    private readonly List<FieldError> _errors = [];
    private readonly List<ActionDraft> _actions = [];
    private readonly List<ElementDraft> _elements = [];
    private long _now;
    private int _bodyEnd;

    private EventsDecoder()
    {
    }

    /// <summary>The bytes that all slices refer to: the body, and behind it what had to be unescaped or rebuilt.</summary>
    public ByteWriter Source { get; } = new(4096);

    /// <summary>What the request holds; complete after <see cref="Decode"/>.</summary>
    public ExperienceRequest Request { get; } = new();

    /// <summary>What is wrong, in the order of the elements.</summary>
    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Takes a decoder with an empty source.</summary>
    public static EventsDecoder Rent() => Pool.TryDequeue(out var decoder) ? decoder : new EventsDecoder();

    /// <summary>Gives the decoder back.</summary>
    public void Return()
    {
        Source.Clear();
        Request.Clear();
        _errors.Clear();
        _actions.Clear();
        _elements.Clear();
        _kept.Clear();
        if (Source.Capacity <= KeptSourceBytes && _actions.Capacity <= KeptActions && _further.Capacity <= KeptActions && _kept.Capacity <= KeptActions && Pool.Count < KeptDecoders)
        {
            Pool.Enqueue(this);
        }
    }

    /// <summary>
    /// Decodes the body that was written to <see cref="Source"/>.
    /// </summary>
    /// <param name="now">Unix milliseconds of receipt.</param>
    /// <param name="lenient">Whether good events are kept although others are bad.</param>
    /// <returns>The request's refusal: <see cref="RejectionReason.None"/> when there is something to store.</returns>
    public RejectionReason Decode(long now, bool lenient)
    {
        _now = now;
        Request.ReceivedAt = now;
        Request.Refusal = ReadBody(Source.Written);
        if (Request.Refusal == RejectionReason.None)
        {
            Settle(lenient);
        }

        return Request.Refusal;
    }

    /// <summary>Notes that the body could not even be read; answers the reason.</summary>
    public RejectionReason Refuse(long now, RejectionReason reason)
    {
        Request.ReceivedAt = now;
        Request.Refusal = reason;
        return reason;
    }

    /// <summary>Puts pseudonyms in the place of the customers' ids.</summary>
    public void UsePseudonyms(Pseudonyms pseudonyms)
    {
        foreach (ref var element in CollectionsMarshal.AsSpan(Request.Elements))
        {
            element = element with { CustomerId = Slice.Replaced(element.CustomerId, Source, Pseudonyms.Length, pseudonyms.Write) };
        }
    }

    /// <summary>Writes the record that the journal keeps of this request.</summary>
    public void WriteRecord(ReadOnlySpan<byte> environment, ByteWriter target) =>
        ExperienceRequestCodec.Write(Request, Source.Written, environment, target);

    private RejectionReason ReadBody(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            _offset = 3;
            body = body[3..];
        }
        else
        {
            _offset = 0;
        }

        _bodyEnd = _offset + body.Length;
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return RejectionReason.EmptyBody;
        }

        if (!Utf8.IsValid(body))
        {
            return RejectionReason.MalformedJson;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaximumDepth });
        try
        {
            reader.Read();
            ReadRoot(ref reader);
            reader.Read(); // Throws when anything but white space follows.
            return RejectionReason.None;
        }
        catch (JsonException)
        {
            ForgetElements();
            return RejectionReason.MalformedJson;
        }
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        var found = false;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isElements = Name(ref reader).SequenceEqual("elements"u8);
                reader.Read();
                if (isElements)
                {
                    ForgetElements();
                    ReadElements(ref reader);
                    found = true;
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        else
        {
            reader.Skip();
        }

        if (!found)
        {
            Fail(-1, -1, "elements", RejectionReason.InvalidElements, "is required: an array of 1–100 objects");
        }
    }

    private JsonValue ReadActions(ref Utf8JsonReader reader, int element)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var kind = reader.TokenType;
            reader.Skip();
            return new JsonValue(kind, default);
        }

        var count = 0;
        while (true)
        {
            count = ReadPlainActions(ref reader, count);
            if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
            {
                break;
            }

            if (count < EventsRules.MaximumActions)
            {
                ReadAction(ref reader, element, count);
                NoteStateBehindAction(in reader);
            }
            else
            {
                reader.Skip();
            }

            count++;
        }

        return new JsonValue(JsonTokenType.StartArray, new Slice(0, count));
    }

    private void TakeBack(int firstError, int firstAction)
    {
        _errors.RemoveRange(firstError, _errors.Count - firstError);
        _actions.RemoveRange(firstAction, _actions.Count - firstAction);
    }

    private void ForgetElements()
    {
        StartReading();
        _elements.Clear();
        TakeBack(0, 0);
        Request.Contexts.Clear();
    }

    private void Fail(int element, int action, string field, RejectionReason code, string reason) =>
        _errors.Add(new FieldError(element, action, field, code, reason));

    /// <summary>An action as it was read: an event, and whether it may become one.</summary>
    private readonly record struct ActionDraft(ExperienceEvent Event, UInt128? Uuid, bool Good);

    /// <summary>An element as it was read.</summary>
    private readonly record struct ElementDraft(
        int Index, Slice CustomerId, int? TimezoneOffset, Slice UserAttributes, int FirstAction, int ActionCount, int Error);
}
