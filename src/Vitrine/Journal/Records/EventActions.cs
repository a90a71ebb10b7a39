namespace Vitrine.Journal.Records;

/// <summary>The words of the wire contract for what an event reports.</summary>
public static class EventActions
{
    /// <summary>An impression.</summary>
    public const string Shown = "MOE_PERSONALIZATION_MESSAGE_SHOWN";

    /// <summary>A click.</summary>
    public const string Clicked = "MOE_PERSONALIZATION_MESSAGE_CLICKED";

    /// <summary>What a word means; null when it is neither.</summary>
    public static EventAction? Of(string word) => word switch
    {
        Shown => EventAction.Impression,
        Clicked => EventAction.Click,
        _ => null,
    };
}
