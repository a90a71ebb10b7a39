using Vitrine.Experiences;

namespace Vitrine.Decisions;

/// <summary>Tells who is in a control group: the customers of its lowest buckets, so that whoever is in it stays in it while it grows.</summary>
internal sealed class ControlGroupMembership(Assignment assignment, ControlGroup group)
{
    private readonly int _buckets = (int)(group.Percent * Allocation.Buckets / 100);

    /// <summary>Per cent of all customers.</summary>
    public decimal Percent => group.Percent;

    /// <summary>Whether somebody is in it at all.</summary>
    public bool IsEmpty => _buckets == 0;

    /// <summary>The bucket of a visitor.</summary>
    public int BucketOf(in Visitor visitor) => visitor.BucketIn(assignment);

    /// <summary>Whether a bucket is in it.</summary>
    public bool Holds(int bucket) => bucket < _buckets;

    /// <summary>Whether a visitor is in it.</summary>
    public bool Holds(in Visitor visitor) => !IsEmpty && Holds(BucketOf(visitor));
}
