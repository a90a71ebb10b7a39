namespace Vitrine.Experiences.Conditions;

/// <summary>
/// The value of an attribute. Texts and elements lie in the <see cref="AttributeValues"/> it comes from and are read
/// through it. <c>default</c> is an attribute that is missing.
/// </summary>
public readonly struct AttributeValue
{
    internal AttributeValue(AttributeKind kind, int start, int length, double number = 0) =>
        (Kind, Start, Length, Number) = (kind, start, length, number);

    /// <summary>What it is.</summary>
    public AttributeKind Kind { get; }

    /// <summary>A number's value; of a boolean 1 or 0; otherwise 0.</summary>
    public double Number { get; }

    /// <summary>Where its bytes of text begin, or its elements.</summary>
    internal int Start { get; }

    /// <summary>How many bytes or elements it has. Of a number: as it was written, 0 when it was not.</summary>
    internal int Length { get; }
}
