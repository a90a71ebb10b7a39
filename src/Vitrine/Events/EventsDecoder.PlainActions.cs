using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <remarks>
/// Most actions are plain: known fields, each once, without escapes, all good, and with attributes that were met before.
/// Those are read here, by comparing bytes, at a tenth of what tokens cost. Whatever is not plain, an error above all, is
/// left where it stands and read by <see cref="ReadAction"/>, so that there is one place for every verdict; what is
/// accepted here is only what that would have accepted with the same result. The JSON reader goes on behind the last
/// plain action in the state in which an earlier one left it: actions always stand at the same depth.
/// </remarks>
public sealed partial class EventsDecoder
{
    private const int LongestPlainTime = 11;
    private static readonly SearchValues<byte> EndsPlainText =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, ' ').Select(static control => (byte)control)]);

    private readonly AttributesMemory _memory = new();
    private JsonReaderState _behindAction;
    private bool _behindActionKnown;
    private long _reading;

    [Flags]
    private enum PlainFields
    {
        None = 0,
        Action = 1,
        Uuid = 2,
        Time = 4,
        Platform = 8,
        ClickTarget = 16,
        Attributes = 32,
        Required = Action | Uuid | Attributes,
    }

    /// <summary>Forgets what held for the elements that were read so far.</summary>
    private void StartReading()
    {
        _reading++;
        _behindActionKnown = false;
    }

    /// <summary>Notes how the reader stands behind an action, so that it can be put there again.</summary>
    private void NoteStateBehindAction(in Utf8JsonReader reader)
    {
        if (!_behindActionKnown && reader.TokenType == JsonTokenType.EndObject)
        {
            _behindAction = reader.CurrentState;
            _behindActionKnown = true;
        }
    }

    /// <summary>Reads plain actions from where the reader stands, and puts it behind them; answers the actions read so far.</summary>
    private int ReadPlainActions(ref Utf8JsonReader reader, int count)
    {
        if (!_behindActionKnown)
        {
            return count;
        }

        var scanner = new PlainScanner(Source.Written[.._bodyEnd], _offset + (int)reader.BytesConsumed);
        var isFirst = reader.TokenType == JsonTokenType.StartArray;
        var before = count;
        var behind = scanner.Position;
        while (count < EventsRules.MaximumActions
            && (isFirst || scanner.Take((byte)','))
            && TryPlainAction(ref scanner, count))
        {
            isFirst = false;
            behind = scanner.Position;
            count++;
        }

        if (count > before)
        {
            reader = new Utf8JsonReader(Source.Written[behind.._bodyEnd], isFinalBlock: true, _behindAction);
            _offset = behind;
        }

        return count;
    }

    private bool TryPlainAction(ref PlainScanner scanner, int index)
    {
        var plain = new PlainAction { Time = _now / 1000 };
        if (!scanner.Take((byte)'{'))
        {
            return false;
        }

        do
        {
            if (!TryPlainField(ref scanner, ref plain))
            {
                return false;
            }
        }
        while (scanner.Take((byte)','));

        if (!scanner.Take((byte)'}') || (plain.Fields & PlainFields.Required) != PlainFields.Required)
        {
            return false;
        }

        _actions.Add(new ActionDraft(
            new ExperienceEvent(index, plain.Uuid, plain.Action, plain.Platform, plain.Time, plain.Context, plain.ClickTarget, default),
            plain.Uuid,
            Good: true));
        return true;
    }

    private bool TryPlainField(ref PlainScanner scanner, ref PlainAction plain)
    {
        if (!scanner.TakeText(out var name) || !scanner.Take((byte)':'))
        {
            return false;
        }

        var source = Source.Written;
        switch (name.Of(source))
        {
            case var text when text.SequenceEqual("moe_event_uuid"u8):
                return plain.Notes(PlainFields.Uuid) && scanner.TakeText(out var uuid)
                    && Uuids.TryParse(uuid.Of(source), out plain.Uuid) && plain.Uuid != UInt128.Zero;
            case var text when text.SequenceEqual("attributes"u8):
                return plain.Notes(PlainFields.Attributes) && TryPlainAttributes(ref scanner, out plain.Context);
            case var text when text.SequenceEqual("event_time"u8):
                return plain.Notes(PlainFields.Time) && scanner.TakeInteger(LongestPlainTime, out plain.Time) && WhyNotTime(plain.Time) is null;
            case var text when text.SequenceEqual("action"u8):
                return plain.Notes(PlainFields.Action) && scanner.TakeText(out var action) && TryAction(action.Of(source), out plain.Action);
            case var text when text.SequenceEqual("platform"u8):
                plain.Platform = scanner.TakeText(out var platform) ? Platforms.Of(platform.Of(source)) : default;
                return plain.Notes(PlainFields.Platform) && platform.Present;
            case var text when text.SequenceEqual("b_id"u8):
                plain.ClickTarget = scanner.TakeText(out var target) ? CutClickTarget(target) : default;
                return plain.Notes(PlainFields.ClickTarget) && target.Present;
            default:
                return false;
        }
    }

    private bool TryPlainAttributes(ref PlainScanner scanner, out int index)
    {
        index = 0;
        scanner.SkipWhiteSpace();
        if (_memory.Find(scanner.Rest) is not { } known)
        {
            return false;
        }

        if (known.Reading != _reading)
        {
            var context = known.ContextAt(scanner.Position);
            (known.Index, known.Reading) = (Intern(in context), _reading);
        }

        scanner.Skip(known.Json.Length);
        index = known.Index;
        return true;
    }

    /// <summary>The fields of a plain action as they are met.</summary>
    private struct PlainAction
    {
        public PlainFields Fields;
        public UInt128 Uuid;
        public EventAction Action;
        public Platform Platform;
        public long Time;
        public int Context;
        public Slice ClickTarget;

        /// <summary>Notes a field. False when it was there before: the last one wins, which is not for here.</summary>
        public bool Notes(PlainFields field)
        {
            var isNew = (Fields & field) == 0;
            Fields |= field;
            return isNew;
        }
    }

    /// <summary>Takes plain tokens from a body, with white space before them. What does not fit is not taken.</summary>
    private ref struct PlainScanner(ReadOnlySpan<byte> body, int position)
    {
        private readonly ReadOnlySpan<byte> _body = body;

        public int Position { get; private set; } = position;

        public readonly ReadOnlySpan<byte> Rest => _body[Position..];

        public void Skip(int bytes) => Position += bytes;

        public void SkipWhiteSpace()
        {
            while (Position < _body.Length && _body[Position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                Position++;
            }
        }

        public bool Take(byte token)
        {
            SkipWhiteSpace();
            if (Position >= _body.Length || _body[Position] != token)
            {
                return false;
            }

            Position++;
            return true;
        }

        /// <summary>A string without escapes.</summary>
        public bool TakeText(out Slice text)
        {
            text = default;
            if (!Take((byte)'"') || EndOfText(Rest) is var length && (length < 0 || _body[Position + length] != '"'))
            {
                return false;
            }

            text = new Slice(Position, length);
            Position += length + 1;
            return true;
        }

        /// <summary>Where the first character stands that ends a plain text. Most texts are short: one vector says it all.</summary>
        private static int EndOfText(ReadOnlySpan<byte> text)
        {
            if (text.Length >= Vector256<byte>.Count)
            {
                var bytes = Vector256.Create(text);
                var ends = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                    | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
                if (ends != Vector256<byte>.Zero)
                {
                    return BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
                }
            }

            return text.IndexOfAny(EndsPlainText);
        }

        /// <summary>A number that is nothing but digits.</summary>
        public bool TakeInteger(int longest, out long number)
        {
            SkipWhiteSpace();
            number = 0;
            var first = Position;
            for (; Position < _body.Length && char.IsAsciiDigit((char)_body[Position]) && Position - first <= longest; Position++)
            {
                number = (number * 10) + (_body[Position] - '0');
            }

            var length = Position - first;
            return length > 0 && length <= longest && (_body[first] != '0' || length == 1);
        }
    }
}
