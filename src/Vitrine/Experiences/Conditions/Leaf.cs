
namespace Vitrine.Experiences.Conditions;

/// <summary>One question: does a value have this property? <see cref="Holds"/> and <see cref="Explain"/> ask it alike.</summary>
/// <param name="source">Where the value is.</param>
/// <param name="text">The leaf as it was written.</param>
/// <param name="test">What is asked of the value; null: whether there is one.</param>
/// <param name="negated">Whether the opposite is asked.</param>
internal sealed class Leaf(LeafSource source, LeafText text, Test? test, bool negated) : Condition
{
    public override bool AsksAboutUser => source.AsksAboutUser;

    /// <summary>Where the value is.</summary>
    public LeafSource Source => source;

    /// <summary>What it is called.</summary>
    public string Name => text.Name;

    public override bool Holds(Circumstances circumstances) => Judge(circumstances, out _, out _) == Verdict.Holds;

    public override ConditionExplanation Explain(Circumstances circumstances)
    {
        var verdict = Judge(circumstances, out var values, out var value);
        return new ConditionExplanation
        {
            Holds = verdict == Verdict.Holds,
            Source = text.Source,
            Name = text.Name,
            Experience = text.Experience,
            Days = text.Days,
            Op = text.Op,
            IgnoreCase = text.IgnoreCase,
            Value = text.Value,
            Actual = value.Kind == AttributeKind.Missing ? null : values.ToJson(value),
            Note = verdict.Note(),
        };
    }

    internal override IEnumerable<Leaf> Leaves() => [this];

    private Verdict Judge(Circumstances circumstances, out AttributeValues values, out AttributeValue value)
    {
        var found = source.Find(circumstances, out values, out value);
        var verdict = found.HidesExistence() ? found
            : test is null ? Verdicts.Of(found == Verdict.Holds)
            : found != Verdict.Holds ? found
            : value.Kind == AttributeKind.Array ? OfAny(test, values, value, circumstances)
            : test.Of(new Scalar(values, value), circumstances);
        return negated ? verdict.Negate() : verdict;
    }

    /// <summary>
    /// Holds when it holds for one element, and fails when it fails for one and holds for none. When it can be told of
    /// no element it says why of the first. Of an empty list nothing holds.
    /// </summary>
    private static Verdict OfAny(Test test, AttributeValues values, AttributeValue array, Circumstances circumstances)
    {
        var elements = values.ElementsOf(array);
        var outcome = Verdict.Fails;
        for (var index = 0; index < elements.Length; index++)
        {
            var verdict = elements[index].Kind == AttributeKind.Missing
                ? Verdict.NotComparable
                : test.OfElement(new Scalar(values, elements[index]), circumstances);
            if (verdict == Verdict.Holds)
            {
                return verdict;
            }

            outcome = index == 0 || verdict == Verdict.Fails ? verdict : outcome;
        }

        return outcome;
    }
}
