namespace Vitrine.Experiences.Conditions;

/// <summary>What an attribute's value is.</summary>
public enum AttributeKind : byte
{
    /// <summary>Not there, or null, which counts as not there.</summary>
    Missing,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A list of values.</summary>
    Array,

    /// <summary>There, but nothing that compares: an object, a list within a list, or text that is no Unicode.</summary>
    Other,
}
