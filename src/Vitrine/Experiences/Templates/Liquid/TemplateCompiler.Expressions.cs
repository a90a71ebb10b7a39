using Fluid.Ast;
using Vitrine.Experiences.Templates.Filters;

namespace Vitrine.Experiences.Templates.Liquid;

internal sealed partial class TemplateCompiler
{
    /// <inheritdoc/>
    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        var name = ((IdentifierSegment)memberExpression.Segments[0]).Identifier;
        var path = PathOf(memberExpression);
        switch (name)
        {
            case "user":
                return VisitAttribute(AttributeSource.User, memberExpression, path);
            case "request":
                return VisitAttribute(AttributeSource.Request, memberExpression, path);
            case "customer_id" or "now" when memberExpression.Segments.Count > 1:
                Refuse($"'{name}' is a text and has no members.");
                return memberExpression;
            case "customer_id":
                return new CustomerIdExpression();
            case "now":
                return new NowExpression();
        }

        if (!_defined.Contains(name))
        {
            Refuse($"There is no '{name}'; there are {string.Join(", ", Given)} and the names that the template itself gives.");
        }

        return new VariableExpression(new MemberExpression([.. memberExpression.Segments.Select(VisitSegment)]), path);
    }

    /// <inheritdoc/>
    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        var input = Visit(filterExpression.Input)!;
        var arguments = filterExpression.Parameters.Select(argument => new FilterArgument(argument.Name, Visit(argument.Expression)!)).ToList();
        if (TemplateFilters.Find(filterExpression.Name) is not { } filter)
        {
            Refuse($"There is no filter '{filterExpression.Name}'; there are {TemplateFilters.Names}.");
            return filterExpression;
        }

        if (arguments.Count < filter.Least || arguments.Count > filter.Most)
        {
            Refuse($"'{filter.Name}' takes {filter.Wants}, not {arguments.Count}.");
        }
        else if (filter.Name == "date" && arguments[0].Expression is LiteralExpression { Value: var format })
        {
            RefuseBadFormat(format.ToStringValue());
        }

        return new FilterCall(input, filter, arguments);
    }

    /// <inheritdoc/>
    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new BoundedRange(Visit(rangeExpression.From)!, Visit(rangeExpression.To)!);

    private Expression VisitAttribute(AttributeSource source, MemberExpression member, string path)
    {
        var attribute = member.Segments.Count == 1 ? null : member.Segments[1] switch
        {
            IdentifierSegment segment => segment.Identifier,
            IndexerSegment { Expression: LiteralExpression literal } => literal.Value.ToStringValue(),
            _ => null,
        };
        if (attribute is null)
        {
            var example = source == AttributeSource.User ? "user.first_name or user[\"First name\"]" : "request.utm_medium";
            Refuse($"'{path}' has to name an attribute, such as {example}.");
            return member;
        }

        (source == AttributeSource.User ? _read.User : _read.Request).Add(attribute);
        return new AttributeExpression(source, attribute, [.. member.Segments.Skip(2).Select(VisitSegment)], path);
    }

    private MemberSegment VisitSegment(MemberSegment segment) =>
        segment is IndexerSegment indexer ? new IndexerSegment(Visit(indexer.Expression)!) : segment;

    private void RefuseBadFormat(string format)
    {
        try
        {
            DateFormat.Write(new NodaTime.LocalDate(2000, 1, 1).AtStartOfDayInZone(NodaTime.DateTimeZone.Utc), format);
        }
        catch (TemplateFailureException fault)
        {
            Refuse($"{fault.Message}.");
        }
    }

    /// <summary>A member as the template names it.</summary>
    private static string PathOf(MemberExpression member) => string.Concat(member.Segments.Select(static (segment, index) => segment switch
    {
        IdentifierSegment identifier => index == 0 ? identifier.Identifier : $".{identifier.Identifier}",
        IndexerSegment { Expression: LiteralExpression { Value: Fluid.Values.NumberValue number } } => $"[{number.ToStringValue()}]",
        IndexerSegment { Expression: LiteralExpression literal } => $"[\"{literal.Value.ToStringValue()}\"]",
        _ => "[…]",
    }));
}
