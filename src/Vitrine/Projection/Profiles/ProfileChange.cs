namespace Vitrine.Projection.Profiles;

/// <summary>A profile as a batch left it.</summary>
/// <param name="EnvironmentId">Whose customer, UTF-8.</param>
/// <param name="CustomerId">The customer, UTF-8.</param>
/// <param name="Customer">The customer's number.</param>
/// <param name="UpdatedAt">When it was changed, in Unix milliseconds.</param>
/// <param name="Attributes">The whole of it, a JSON object; empty when it was removed.</param>
internal readonly record struct ProfileChange(byte[] EnvironmentId, byte[] CustomerId, int Customer, long UpdatedAt, byte[] Attributes);
