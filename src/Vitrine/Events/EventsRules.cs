namespace Vitrine.Events;

/// <summary>The limits of the events contract, in one place; what holds for customers wherever they are named is in <see cref="Vitrine.Journal.Records.CustomerRules"/>.</summary>
public static class EventsRules
{
    /// <summary>Bytes of a body after decompression.</summary>
    public const int MaximumBodyBytes = 1 << 20;

    /// <summary>Users in one request.</summary>
    public const int MaximumElements = 100;

    /// <summary>Actions of one user in one request.</summary>
    public const int MaximumActions = 100;

    /// <summary>Further keys in <c>attributes</c>.</summary>
    public const int MaximumAttributes = 100;

    /// <summary>Characters in the name of a further attribute.</summary>
    public const int MaximumAttributeNameLength = 200;

    /// <summary>Characters of a further attribute's value or a click target; what is longer is cut.</summary>
    public const int MaximumAttributeValueLength = 512;

    /// <summary>Characters in each text of the experience context.</summary>
    public const int MaximumContextTextLength = 1024;
}
