namespace Vitrine.Journal.Records;

/// <summary>A change of a customer's profile, as the journal keeps it. Its parts lie in the record that it was read from.</summary>
/// <param name="receivedAt">Unix milliseconds at which the server had read the request.</param>
/// <param name="environment">The environment id, UTF-8.</param>
/// <param name="customerId">The customer, UTF-8.</param>
/// <param name="attributes">A JSON object: the attributes to set, null taking one away. Empty when the profile is to be removed.</param>
public readonly ref struct CustomerRecord(
    long receivedAt, ReadOnlySpan<byte> environment, ReadOnlySpan<byte> customerId, ReadOnlySpan<byte> attributes)
{
    /// <summary>Unix milliseconds at which the server had read the request.</summary>
    public long ReceivedAt { get; } = receivedAt;

    /// <summary>The environment id, UTF-8.</summary>
    public ReadOnlySpan<byte> Environment { get; } = environment;

    /// <summary>The customer, UTF-8.</summary>
    public ReadOnlySpan<byte> CustomerId { get; } = customerId;

    /// <summary>A JSON object: the attributes to set, null taking one away. Empty when the profile is to be removed.</summary>
    public ReadOnlySpan<byte> Attributes { get; } = attributes;

    /// <summary>Whether the profile is to be removed.</summary>
    public bool IsRemoval => Attributes.IsEmpty;
}
