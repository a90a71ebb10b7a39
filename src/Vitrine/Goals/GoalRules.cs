namespace Vitrine.Goals;

/// <summary>The limits of requests to report goal events; those of times and of customers are the same everywhere.</summary>
public static class GoalRules
{
    /// <summary>Bytes of a body after decompression.</summary>
    public const int MaximumBodyBytes = 128 * 1024;

    /// <summary>Events in one request.</summary>
    public const int MaximumActions = 100;

    /// <summary>Characters in the name of an event.</summary>
    public const int MaximumNameLength = 200;

    /// <summary>Attributes of an event.</summary>
    public const int MaximumAttributes = 100;

    /// <summary>Characters in the name of an attribute.</summary>
    public const int MaximumAttributeNameLength = 200;

    /// <summary>Characters in the version of an app.</summary>
    public const int MaximumAppVersionLength = 100;

    /// <summary>Characters of an event's id.</summary>
    public const int MaximumIdLength = 512;

    /// <summary>How many errors an answer names.</summary>
    public const int ErrorsNamed = 20;
}
