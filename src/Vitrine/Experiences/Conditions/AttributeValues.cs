namespace Vitrine.Experiences.Conditions;

/// <summary>
/// The values of a user's, a request's or an event's attributes by the slots of an <see cref="AttributeNames"/>. Reused:
/// <see cref="Clear"/> keeps the memory, so that in steady state reading values allocates nothing.
/// </summary>
/// <remarks>
/// For one thread at a time. The registry may grow at any moment: a slot that this object has no room for yet is simply
/// missing until it is set, and setting it makes the room.
/// </remarks>
public sealed partial class AttributeValues
{
    private const int KeptBytes = 256 * 1024;
    private const int KeptElements = 8 * 1024;

    private AttributeValue[] _values = new AttributeValue[16];
    private AttributeValue[] _elements = [];
    private byte[] _text = new byte[256];
    private int _slots;
    private int _elementCount;
    private int _textLength;

    /// <summary>The value in a slot.</summary>
    public AttributeValue this[int slot] => (uint)slot < (uint)_slots ? _values[slot] : default;

    /// <summary>
    /// The UTF-8 of a text, or of a number as it was written, or <c>true</c> or <c>false</c>; else empty. Valid until
    /// <see cref="Clear"/>.
    /// </summary>
    public ReadOnlySpan<byte> TextOf(AttributeValue value) => value.Kind switch
    {
        AttributeKind.Text or AttributeKind.Number => _text.AsSpan(value.Start, value.Length),
        AttributeKind.Boolean => value.Number != 0 ? "true"u8 : "false"u8,
        _ => default,
    };

    /// <summary>The elements of a list; else none. Valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<AttributeValue> ElementsOf(AttributeValue value) =>
        value.Kind == AttributeKind.Array ? _elements.AsSpan(value.Start, value.Length) : default;

    /// <summary>Forgets all values and keeps the memory, except what only an unusually large one needed.</summary>
    public void Clear()
    {
        _values.AsSpan(0, _slots).Clear();
        (_slots, _elementCount, _textLength) = (0, 0, 0);
        if (_text.Length > KeptBytes)
        {
            _text = new byte[256];
        }

        if (_elements.Length > KeptElements)
        {
            _elements = [];
        }
    }
}
