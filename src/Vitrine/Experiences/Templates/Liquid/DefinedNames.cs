using Fluid.Ast;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary>The names that a template gives itself.</summary>
internal sealed class DefinedNames : AstVisitor
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Gathers the names.</summary>
    public static IReadOnlySet<string> Of(IReadOnlyList<Statement> statements)
    {
        var visitor = new DefinedNames();
        foreach (var statement in statements)
        {
            visitor.Visit(statement);
        }

        return visitor._names;
    }

    /// <inheritdoc/>
    public override Expression? Visit(Expression expression) => expression; // A name is given by a tag, never by an expression.

    /// <inheritdoc/>
    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        _names.Add(assignStatement.Identifier);
        return assignStatement;
    }

    /// <inheritdoc/>
    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        _names.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    /// <inheritdoc/>
    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _names.UnionWith([forStatement.Identifier, "forloop", "parentloop"]);
        return base.VisitForStatement(forStatement);
    }
}
