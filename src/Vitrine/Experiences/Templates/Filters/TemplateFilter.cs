using Fluid;

namespace Vitrine.Experiences.Templates.Filters;

/// <summary>A filter that templates may use.</summary>
/// <param name="Name">Its name in Liquid.</param>
/// <param name="Least">How many arguments it takes at least.</param>
/// <param name="Most">And at most.</param>
/// <param name="Apply">What it does.</param>
internal sealed record TemplateFilter(string Name, int Least, int Most, FilterDelegate Apply)
{
    /// <summary>Whether it is there to deal with what is missing.</summary>
    public bool TakesMissing => Name == "default";

    /// <summary>How many arguments it wants, in words.</summary>
    public string Wants => (Least, Most) switch
    {
        (0, 0) => "no argument",
        (1, 1) => "one argument",
        (2, 2) => "two arguments",
        (0, 1) => "at most one argument",
        _ => "one or two arguments",
    };
}
