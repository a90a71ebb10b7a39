namespace Vitrine.Experiences.Conditions;

/// <summary>Where a text stands within another.</summary>
internal enum TextPlace
{
    Anywhere,
    Start,
    End,
}
