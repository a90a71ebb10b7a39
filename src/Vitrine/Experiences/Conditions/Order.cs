namespace Vitrine.Experiences.Conditions;

/// <summary>How one value may stand to another.</summary>
[Flags]
internal enum Order
{
    None = 0,
    Less = 1,
    Equal = 2,
    Greater = 4,
}
