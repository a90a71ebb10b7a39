using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary>Enters one unit for a comparison; what it reads enters itself.</summary>
internal sealed class ChargedComparison(Expression comparison) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        ((TemplateRun)context).Charge(1);
        return comparison.EvaluateAsync(context);
    }
}

/// <summary>What is written must be there.</summary>
internal sealed class RequiredExpression(Expression expression) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = TemplateRun.ValueOf(expression.EvaluateAsync(context));
        return value is MissingValue missing
            ? throw new TemplateFailureException($"{missing.Name} is missing, and no 'default' filter gives a value for it")
            : value;
    }
}

/// <summary><c>(1..5)</c>, whose elements are counted before any is made.</summary>
internal sealed class BoundedRange(Expression from, Expression to) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var first = End(from, context);
        var count = Math.Max(0, End(to, context) - first + 1);
        ((TemplateRun)context).Charge(1 + count);
        var elements = new FluidValue[count];
        for (var index = 0; index < count; index++)
        {
            elements[index] = NumberValue.Create(first + index);
        }

        return new ArrayValue(elements);
    }

    private static long End(Expression end, TemplateContext context)
    {
        var number = TemplateRun.ValueOf(end.EvaluateAsync(context)).ToNumberValue();
        return decimal.Truncate(number) is >= int.MinValue and <= int.MaxValue and var whole
            ? (long)whole
            : throw new TemplateFailureException($"a range cannot begin or end at {number}");
    }
}

/// <summary><c>capture</c>, into a text that is bounded and entered.</summary>
internal sealed class BoundedCapture(string identifier, IReadOnlyList<Statement> statements) : Statement
{
    /// <inheritdoc/>
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, System.Text.Encodings.Web.TextEncoder encoder, TemplateContext context)
    {
        using var text = new BoundedText();
        var completion = TemplateRun.ValueOf(statements.RenderStatementsAsync(text, encoder, context));
        context.SetValue(identifier, ((TemplateRun)context).Charged(new StringValue(text.Written.ToString())));
        return new ValueTask<Completion>(completion);
    }
}
