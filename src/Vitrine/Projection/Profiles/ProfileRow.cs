namespace Vitrine.Projection.Profiles;

/// <summary>A profile as the projection's table has it, with the ids in place of the numbers.</summary>
/// <param name="environmentId">Whose customer, UTF-8.</param>
/// <param name="customerId">The customer, UTF-8.</param>
/// <param name="customer">The customer's number.</param>
/// <param name="updatedAt">When it was changed last, in Unix milliseconds.</param>
/// <param name="attributes">A JSON object; empty when there is no profile any more.</param>
internal readonly ref struct ProfileRow(
    ReadOnlySpan<byte> environmentId, ReadOnlySpan<byte> customerId, int customer, long updatedAt, ReadOnlySpan<byte> attributes)
{
    /// <summary>Whose customer, UTF-8.</summary>
    public ReadOnlySpan<byte> EnvironmentId { get; } = environmentId;

    /// <summary>The customer, UTF-8.</summary>
    public ReadOnlySpan<byte> CustomerId { get; } = customerId;

    /// <summary>The customer's number.</summary>
    public int Customer { get; } = customer;

    /// <summary>When it was changed last, in Unix milliseconds.</summary>
    public long UpdatedAt { get; } = updatedAt;

    /// <summary>A JSON object; empty when there is no profile any more.</summary>
    public ReadOnlySpan<byte> Attributes { get; } = attributes;
}
