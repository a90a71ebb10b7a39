using System.Runtime.CompilerServices;
using Fluid.Ast;
using Fluid.Parser;
using Parlot;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary>
/// One parse of one template: how deep it is, and where its parts lie, which Fluid's tree does not say.
/// </summary>
internal sealed class TemplateParse(string text) : FluidParseContext(text)
{
    private readonly ConditionalWeakTable<object, object> _offsets = [];
    private int _depth;

    /// <summary>The template.</summary>
    public string Text { get; } = text;

    /// <summary>Enters a block or a pair of brackets. Parsing is recursive there and nowhere else.</summary>
    public void Enter()
    {
        if (++_depth > TemplateBounds.Nesting)
        {
            throw new ParseException($"Tags and brackets are nested more than {TemplateBounds.Nesting} deep", Scanner.Cursor.Position);
        }
    }

    /// <summary>Leaves it.</summary>
    public void Leave() => _depth--;

    /// <summary>Notes where a part begins.</summary>
    public void Note(object part, int offset) => _offsets.AddOrUpdate(part, offset);

    /// <summary>Where a part begins; null when that was not noted.</summary>
    public int? OffsetOf(object part) => _offsets.TryGetValue(part, out var offset) ? (int)offset : null;

    /// <summary>Notes where the filters of an expression that ends here stand, the last one first.</summary>
    public void NoteFilters(Expression expression, int start, int end)
    {
        while (expression is FilterExpression filter)
        {
            end = PlaceOf(filter.Name, start, end);
            Note(filter, end);
            expression = filter.Input;
        }
    }

    private int PlaceOf(string name, int start, int end)
    {
        while (end > start && (end = Text.LastIndexOf(name, end - 1, end - start, StringComparison.Ordinal)) >= 0)
        {
            if (Text.AsSpan(start, end - start).TrimEnd().EndsWith("|"))
            {
                return end;
            }
        }

        return start;
    }
}
