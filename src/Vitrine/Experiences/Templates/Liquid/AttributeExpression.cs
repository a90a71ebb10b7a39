using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary><c>user.address.city</c>: an attribute and the way into it.</summary>
/// <param name="source">Whose attribute.</param>
/// <param name="name">The attribute's name.</param>
/// <param name="way">The members and indexes behind it.</param>
/// <param name="path">All of it, as the template names it.</param>
internal sealed class AttributeExpression(AttributeSource source, string name, MemberSegment[] way, string path) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var run = (TemplateRun)context;
        var value = run.Data.Attribute(source, name);
        foreach (var segment in way)
        {
            if (value.IsNil())
            {
                break;
            }

            value = TemplateRun.ValueOf(segment.ResolveAsync(value, context));
        }

        return run.Charged(value.IsNil() ? new MissingValue(path) : value);
    }
}

/// <summary>A name that the template itself gave (<c>assign</c>, <c>capture</c>, <c>for</c>), and the way into it.</summary>
/// <remarks>A name without a value prints nothing, so that it may be given in some branches only; a member of one that is not there is missing.</remarks>
internal sealed class VariableExpression(MemberExpression member, string path) : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = TemplateRun.ValueOf(member.EvaluateAsync(context));
        return ((TemplateRun)context).Charged(value.IsNil() && member.Segments.Count > 1 ? new MissingValue(path) : value);
    }
}

/// <summary><c>customer_id</c>.</summary>
internal sealed class CustomerIdExpression : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var run = (TemplateRun)context;
        return run.Charged(run.Data.CustomerId is { } customer ? new StringValue(customer) : new MissingValue("customer_id"));
    }
}

/// <summary><c>now</c>: the time of the request as a text of ISO 8601 in the time zone of the experience.</summary>
internal sealed class NowExpression : Expression
{
    /// <inheritdoc/>
    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var run = (TemplateRun)context;
        return run.Charged(new StringValue(Filters.DateText.Write(run.Data.Now.InZone(run.Data.Zone))));
    }
}
