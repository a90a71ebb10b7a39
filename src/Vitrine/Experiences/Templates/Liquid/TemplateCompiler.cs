using Fluid.Ast;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary>
/// Checks a parsed template and replaces what reads, makes or writes values by what does so within the bounds.
/// </summary>
internal sealed partial class TemplateCompiler : AstRewriter
{
    private readonly string _path;
    private readonly TemplateParse _parse;
    private readonly ICollection<TemplateError> _errors;
    private readonly AttributesRead _read;
    private readonly IReadOnlySet<string> _defined;
    private int _offset;
    private int _depth;

    private TemplateCompiler(string path, TemplateParse parse, IReadOnlySet<string> defined, AttributesRead read, ICollection<TemplateError> errors) =>
        (_path, _parse, _defined, _read, _errors) = (path, parse, defined, read, errors);

    /// <summary>Whether a text holds Liquid at all.</summary>
    public static bool HoldsLiquid(string text) => text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal);

    /// <summary>Compiles a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="path">Its place in the variable, for errors.</param>
    /// <param name="read">Receives the attributes that it reads.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static IReadOnlyList<Statement> Compile(string text, string path, AttributesRead read, ICollection<TemplateError> errors)
    {
        if (text.Length > TemplateBounds.TemplateCharacters)
        {
            errors.Add(new TemplateError(path, 1, 1, $"A template has at most {TemplateBounds.TemplateCharacters:N0} characters; this one has {text.Length:N0}."));
            return [];
        }

        var parse = new TemplateParse(text);
        try
        {
            var statements = TemplateParser.Read(parse);
            var compiler = new TemplateCompiler(path, parse, DefinedNames.Of(statements), read, errors);
            return [.. statements.Select(compiler.Visit)!];
        }
        catch (Parlot.ParseException fault)
        {
            errors.Add(ErrorAt(text, path, fault.Position.Offset, fault.Message.TrimEnd('.') + "."));
            return [];
        }
    }

    /// <inheritdoc/>
    public override Statement? Visit(Statement statement)
    {
        var outer = _offset;
        _offset = (statement is null ? null : _parse.OffsetOf(statement)) ?? outer;
        var rewritten = base.Visit(statement);
        _offset = outer;
        return rewritten;
    }

    /// <inheritdoc/>
    public override Expression? Visit(Expression expression)
    {
        if (expression is null)
        {
            return null;
        }

        var outer = _offset;
        _offset = _parse.OffsetOf(expression) ?? outer;
        if (++_depth > TemplateBounds.Operations)
        {
            Refuse($"An expression has at most {TemplateBounds.Operations} filters and operators.");
        }

        var rewritten = _depth > TemplateBounds.Operations ? expression : base.Visit(expression);
        _depth--;
        _offset = outer;
        return rewritten is BinaryExpression ? new ChargedComparison(rewritten) : rewritten;
    }

    private void Refuse(string reason, int? offset = null) => _errors.Add(ErrorAt(_parse.Text, _path, offset ?? _offset, reason));

    private static TemplateError ErrorAt(string text, string path, int offset, string reason)
    {
        var before = text.AsSpan(0, Math.Min(offset, text.Length));
        return new TemplateError(path, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'), reason);
    }
}
