using Fluid;
using Fluid.Ast;
using Fluid.Values;
using Vitrine.Experiences.Templates.Filters;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary><c>… | filter: …</c>, with its cost entered and with what is missing passed on.</summary>
internal sealed class FilterCall(Expression input, TemplateFilter filter, IReadOnlyList<FilterArgument> arguments) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = TemplateRun.ValueOf(input.EvaluateAsync(context));
        var missing = filter.TakesMissing ? null : value as MissingValue;
        var given = new FilterArguments();
        foreach (var argument in arguments)
        {
            var one = TemplateRun.ValueOf(argument.Expression.EvaluateAsync(context));
            missing ??= filter.TakesMissing ? null : one as MissingValue;
            given.Add(argument.Name, one);
        }

        if (missing is not null)
        {
            return missing;
        }

        var result = TemplateRun.ValueOf(filter.Apply(value, given, context));
        return ((TemplateRun)context).Charged(result is NilValue ? new MissingValue($"the result of '{filter.Name}'") : result);
    }
}
