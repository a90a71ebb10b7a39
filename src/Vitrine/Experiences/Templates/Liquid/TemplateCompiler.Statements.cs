using Fluid.Ast;

namespace Vitrine.Experiences.Templates.Liquid;

internal sealed partial class TemplateCompiler
{
    private static readonly string[] Given = ["user", "request", "customer_id", "now"];

    /// <inheritdoc/>
    protected override Statement VisitOutputStatement(OutputStatement outputStatement)
    {
        RefuseComparison(outputStatement.Expression);
        return new OutputStatement(new RequiredExpression(Visit(outputStatement.Expression)!));
    }

    /// <inheritdoc/>
    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        RefuseGiven(assignStatement.Identifier);
        RefuseComparison(assignStatement.Value);
        return base.VisitAssignStatement(assignStatement);
    }

    /// <inheritdoc/>
    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        RefuseGiven(captureStatement.Identifier);
        return new BoundedCapture(captureStatement.Identifier, [.. captureStatement.Statements.Select(Visit)!]);
    }

    /// <inheritdoc/>
    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        RefuseGiven(forStatement.Identifier);
        if (forStatement.OffsetIsContinue)
        {
            Refuse("'offset: continue' is not available; give a number.");
            return forStatement;
        }

        return base.VisitForStatement(forStatement);
    }

    /// <inheritdoc/>
    protected override Statement VisitCycleStatement(CycleStatement cycleStatement) =>
        new CycleStatement(Visit(cycleStatement.Group), [.. cycleStatement.Values.Select(value => new RequiredExpression(Visit(value)!))]);

    /// <summary>Liquid writes the left side of a comparison, which nobody means who writes one.</summary>
    private void RefuseComparison(Expression expression)
    {
        var offset = _parse.OffsetOf(expression);
        while (expression is FilterExpression filter)
        {
            expression = filter.Input;
        }

        if (expression is BinaryExpression)
        {
            Refuse("A comparison has a value only in 'if', 'elsif' and 'unless'.", offset);
        }
    }

    private void RefuseGiven(string name)
    {
        if (Given.Contains(name))
        {
            Refuse($"'{name}' is given; take another name.");
        }
    }
}
