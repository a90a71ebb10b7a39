namespace Vitrine.Journal.Records;

/// <summary>
/// What is left of an event whose customer was erased: that there was one. Its uuid stays, which names nobody any more,
/// so that the event is not counted when it is sent again.
/// </summary>
/// <param name="Element">The place of its element.</param>
/// <param name="Action">Its place in <c>actions</c>.</param>
/// <param name="Uuid">Its uuid; null where it had none.</param>
public readonly record struct ErasedEvent(int Element, int Action, UInt128? Uuid);
