namespace Vitrine.Experiences.Conditions;

/// <summary>One value that an operator is asked about: an attribute's, or one element of its list.</summary>
internal readonly ref struct Scalar(AttributeValues values, AttributeValue value)
{
    public AttributeKind Kind { get; } = value.Kind;

    public double Number { get; } = value.Number;

    /// <summary>A text; a number as it was written; true or false.</summary>
    public ReadOnlySpan<byte> Text { get; } = values.TextOf(value);
}
