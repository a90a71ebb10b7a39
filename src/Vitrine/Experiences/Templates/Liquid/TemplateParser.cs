using Fluid;
using Fluid.Ast;
using Parlot.Fluent;

namespace Vitrine.Experiences.Templates.Liquid;

/// <summary>
/// Fluid's parser of Liquid with the tags that a payload has a use for, a bound on nesting, and places for errors.
/// </summary>
/// <remarks>
/// The grammar refers to itself only through Fluid's deferred parsers, so the parsers put into those see every recursion.
/// Immutable once made; each parse has its state in its <see cref="TemplateParse"/>.
/// </remarks>
internal sealed class TemplateParser : FluidParser
{
    private static readonly string[] Tags = ["assign", "break", "capture", "case", "comment", "continue", "cycle", "for", "if", "raw", "unless", "#"];

    private TemplateParser()
    {
        foreach (var (name, tag) in RegisteredTags.ToList())
        {
            if (Tags.Contains(name))
            {
                RegisteredTags[name] = new PlacedTag(tag);
            }
            else
            {
                RegisteredTags.Remove(name);
            }
        }

        AnyTagsList.Parser = new BlockParser(AnyTagsList.Parser!);
        Primary.Parser = new PlacedExpression(Primary.Parser!);
        FilterExpression.Parser = new PlacedExpression(FilterExpression.Parser!);
    }

    private static TemplateParser Instance { get; } = new();

    /// <summary>Parses a template.</summary>
    /// <exception cref="Parlot.ParseException">It is no such template; says where.</exception>
    public static IReadOnlyList<Statement> Read(TemplateParse parse)
    {
        var result = new Parlot.ParseResult<IReadOnlyList<Statement>>();
        var read = Instance.AnyTagsList.Parse(parse, ref result);
        var cursor = parse.Scanner.Cursor;
        return read && cursor.Eof ? result.Value
            : throw new Parlot.ParseException(cursor.Eof ? "There is no template" : $"'{Rest(parse)}' ends or divides nothing", cursor.Position);
    }

    private static string Rest(TemplateParse parse)
    {
        var rest = parse.Text.AsSpan(parse.Scanner.Cursor.Offset);
        var end = rest.IndexOf("%}");
        return (end is >= 0 and < 40 ? rest[..(end + 2)] : rest[..Math.Min(rest.Length, 40)]).ToString();
    }

    /// <summary>The content of a block, or of the whole template.</summary>
    private sealed class BlockParser(Parser<IReadOnlyList<Statement>> content) : Parser<IReadOnlyList<Statement>>
    {
        public override bool Parse(ParseContext context, ref Parlot.ParseResult<IReadOnlyList<Statement>> result)
        {
            var parse = (TemplateParse)context;
            parse.Enter();
            var read = content.Parse(context, ref result);
            RefuseUnknown(parse);
            parse.Leave();
            return read;
        }

        /// <summary>What ends or divides a block is its tag's business; any other tag that stops it is unknown.</summary>
        private static void RefuseUnknown(TemplateParse parse)
        {
            var rest = parse.Text.AsSpan(parse.Scanner.Cursor.Offset);
            if (!rest.StartsWith("{%"))
            {
                return;
            }

            rest = rest[2..].TrimStart('-').TrimStart();
            var length = rest.IndexOfAnyExcept(Names);
            var name = length < 0 ? rest : rest[..length];
            if (name is not ("else" or "elsif" or "when") && !name.StartsWith("end"))
            {
                throw new Parlot.ParseException($"There is no tag '{name}'; there are {string.Join(", ", Tags)}", parse.Scanner.Cursor.Position);
            }
        }

        private static System.Buffers.SearchValues<char> Names { get; } = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    }

    private sealed class PlacedExpression(Parser<Expression> expression) : Parser<Expression>
    {
        public override bool Parse(ParseContext context, ref Parlot.ParseResult<Expression> result)
        {
            var parse = (TemplateParse)context;
            parse.Enter();
            var before = parse.Scanner.Cursor.Position;
            parse.SkipWhiteSpace();
            var start = parse.Scanner.Cursor.Offset;
            var read = expression.Parse(context, ref result);
            parse.Leave();
            if (!read)
            {
                parse.Scanner.Cursor.ResetPosition(before);
                return false;
            }

            parse.Note(result.Value, start);
            parse.NoteFilters(result.Value, start, parse.Scanner.Cursor.Offset);
            return true;
        }
    }

    private sealed class PlacedTag(Parser<Statement> tag) : Parser<Statement>
    {
        public override bool Parse(ParseContext context, ref Parlot.ParseResult<Statement> result)
        {
            var parse = (TemplateParse)context;
            var start = parse.Text.LastIndexOf("{%", parse.Scanner.Cursor.Offset, StringComparison.Ordinal);
            if (!tag.Parse(context, ref result))
            {
                return false;
            }

            parse.Note(result.Value, Math.Max(0, start));
            return true;
        }
    }
}
