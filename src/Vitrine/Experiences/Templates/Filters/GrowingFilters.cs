using Fluid;
using Fluid.Filters;
using Fluid.Values;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>The filters whose result is as long as the product of what they read: measured before anything is made.</summary>
internal static class GrowingFilters
{
    /// <summary><c>replace: "a", "b"</c>, everywhere.</summary>
    public static ValueTask<FluidValue> Replace(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var (text, searched, replacement) = (input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue());
        if (searched.Length == 0)
        {
            throw new TemplateFailureException("'replace' has nothing to look for");
        }

        var count = 0;
        for (var at = text.IndexOf(searched, StringComparison.Ordinal); at >= 0; at = text.IndexOf(searched, at + searched.Length, StringComparison.Ordinal))
        {
            count++;
        }

        Check(text.Length + ((long)count * (replacement.Length - searched.Length)));
        return StringFilters.Replace(input, arguments, context);
    }

    /// <summary><c>join: ", "</c>.</summary>
    public static ValueTask<FluidValue> Join(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        if (input is ArrayValue list)
        {
            Check(TemplateRun.Weight(list) + ((long)list.Values.Count * arguments.At(0).ToStringValue().Length));
        }

        return ArrayFilters.Join(input, arguments, context);
    }

    private static void Check(long characters)
    {
        if (characters > 2 * TemplateBounds.TextCharacters) // Of a list the weight counts a little more than its text.
        {
            throw TemplateRun.LongText();
        }
    }
}
