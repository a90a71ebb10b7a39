using Fluid;
using Fluid.Values;

namespace Vitrine.Experiences.Templates;

/// <summary>
/// One rendering of one template: its variables, the data it reads and the account of what it has cost. The templates of
/// one variable (the leaves of a <c>json</c> value) have variables of their own and one account.
/// </summary>
internal sealed class TemplateRun : TemplateContext
{
    private static readonly TemplateOptions Limits = new()
    {
        MaxSteps = TemplateBounds.Steps,
        MaxRecursion = TemplateBounds.Nesting,
        ModelNamesComparer = StringComparer.Ordinal,
    };

    private long _work;

    /// <summary>Begins the first template of a variable.</summary>
    public TemplateRun(TemplateData data)
        : base(Limits) => Data = data;

    private TemplateRun(TemplateRun before)
        : this(before.Data) => (_work, _steps) = (before._work, before._steps);

    /// <summary>What can be read.</summary>
    public TemplateData Data { get; }

    /// <summary>Whether it was the bound of steps that ended the rendering.</summary>
    public bool IsOutOfSteps => _steps > MaxSteps;

    /// <summary>Begins the next template of the same variable.</summary>
    public TemplateRun Next() => new(this);

    /// <summary>Enters units of work into the account.</summary>
    public void Charge(long units)
    {
        _work += units;
        if (_work > TemplateBounds.Work)
        {
            throw new TemplateFailureException($"it takes more than {TemplateBounds.Work:N0} units of work");
        }
    }

    /// <summary>Enters the making or reading of a value, and refuses a text that is too long.</summary>
    public FluidValue Charged(FluidValue value)
    {
        var weight = Weight(value);
        if (value is StringValue && weight > TemplateBounds.TextCharacters)
        {
            throw LongText();
        }

        Charge(1 + weight);
        return value;
    }

    /// <summary>What is said of a text beyond <see cref="TemplateBounds.TextCharacters"/>.</summary>
    public static TemplateFailureException LongText() => new($"it makes a text of more than {TemplateBounds.TextCharacters:N0} characters");

    /// <summary>The characters and elements that a value is made of.</summary>
    public static long Weight(FluidValue value) => value switch
    {
        StringValue text => text.ToStringValue().Length,
        ArrayValue list => WeightOf(list.Values),
        DictionaryValue map when map.ToObjectValue() is AttributeMembers members => members.Members.Sum(static member => 1 + member.Key.Length + Weight(member.Value)),
        _ => 0,
    };

    /// <summary>The value of an evaluation. Nothing here ever waits, so all of them have ended.</summary>
    public static T ValueOf<T>(ValueTask<T> evaluation) => evaluation.GetAwaiter().GetResult();

    private static long WeightOf(IReadOnlyList<FluidValue> elements)
    {
        long weight = elements.Count;
        foreach (var element in elements)
        {
            weight += Weight(element);
        }

        return weight;
    }
}
