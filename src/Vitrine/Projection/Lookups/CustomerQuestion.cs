using Vitrine.Journal;

namespace Vitrine.Projection.Lookups;

/// <summary>What a decision needs to know of one customer, and what it was told. Used again and again, so that asking allocates nothing.</summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class CustomerQuestion
{
    /// <summary>The environment, UTF-8.</summary>
    public ReadOnlyMemory<byte> EnvironmentId { get; set; }

    /// <summary>The customer, UTF-8. Empty: whoever carries <see cref="Identifier"/>, which is then filled in.</summary>
    public ByteWriter CustomerId { get; } = new(64);

    /// <summary>By which attribute the customer is looked for, UTF-8: <c>u_em</c> or <c>u_mb</c>. Empty: by none.</summary>
    public ReadOnlyMemory<byte> IdentifierName { get; set; }

    /// <summary>The value of that attribute, UTF-8.</summary>
    public ByteWriter Identifier { get; } = new(64);

    /// <summary>Who it is when nobody carries the identifier, UTF-8.</summary>
    public ByteWriter Otherwise { get; } = new(64);

    /// <summary>The moment of the decision, in Unix milliseconds: whose days are counted back from.</summary>
    public long Now { get; set; }

    /// <summary>Whether the profile is asked for.</summary>
    public bool WantsProfile { get; set; }

    /// <summary>What is asked about what the customer did.</summary>
    public List<AskedBehaviour> Behaviours { get; } = [];

    /// <summary>Told: the profile, a JSON object; empty when there is none.</summary>
    public ByteWriter Profile { get; } = new();

    /// <summary>Told: how often he did each of <see cref="Behaviours"/>, −1 while that is being counted. Empty where the watches themselves can be asked.</summary>
    public List<long> Counts { get; } = [];

    /// <summary>Whether something that he did is still being counted, so that the answer would be another one in a moment.</summary>
    public bool AwaitsCounts
    {
        get
        {
            for (var index = 0; index < Behaviours.Count; index++)
            {
                if (Counts.Count > 0 ? Counts[index] < 0 : Behaviours[index].Watch is not { IsReady: true })
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Fills <see cref="Counts"/> in from the watches.</summary>
    public void Count()
    {
        foreach (var (watch, days) in Behaviours)
        {
            Counts.Add(watch?.Count(CustomerId.Written, Now, days) ?? -1);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        (EnvironmentId, IdentifierName, Now, WantsProfile) = (default, default, 0, false);
        CustomerId.Clear();
        Identifier.Clear();
        Otherwise.Clear();
        Profile.Clear();
        Behaviours.Clear();
        Counts.Clear();
    }
}
