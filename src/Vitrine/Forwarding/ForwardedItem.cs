namespace Vitrine.Forwarding;

/// <summary>What an item is.</summary>
internal enum ItemKind
{
    /// <summary>The experience was shown.</summary>
    Impression,

    /// <summary>The experience was clicked.</summary>
    Click,

    /// <summary>What a customer did elsewhere.</summary>
    Goal,

    /// <summary>Attributes that were set on a customer.</summary>
    Profile,
}

/// <summary>The smallest thing that is forwarded: one event, or the attributes of a customer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Position">The journal record that holds it.</param>
/// <param name="Element">The place of its element there; −1 where there are no elements.</param>
/// <param name="Action">Its place in the element's actions; −1 for attributes.</param>
/// <param name="CustomerId">Whose it is, as it is stored.</param>
/// <param name="Uuid">By which it is recognised: the event's own, or one made of its place where it has none.</param>
/// <param name="ReceivedAt">Unix milliseconds.</param>
/// <param name="Name">What the action is called; empty for attributes.</param>
/// <param name="Content">A JSON object: the action as on the wire, or the attributes.</param>
internal sealed record ForwardedItem(
    ItemKind Kind, long Position, int Element, int Action, string CustomerId, UInt128 Uuid, long ReceivedAt, string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>Seconds east of UTC of the element; null when unknown.</summary>
    public int? TimezoneOffset { get; init; }

    /// <summary>A JSON object: the attributes that its element sets, with the first event of the element that counts; otherwise empty.</summary>
    public ReadOnlyMemory<byte> UserAttributes { get; init; }

    /// <summary>Whether it is an impression or a click.</summary>
    public bool IsOfExperience => Kind is ItemKind.Impression or ItemKind.Click;

    /// <summary>Bytes that it takes, roughly.</summary>
    public int Bytes => Content.Length + UserAttributes.Length + CustomerId.Length + 128;
}
