using System.Text.RegularExpressions;

namespace Vitrine.Experiences.Conditions;

/// <summary>Asks whether a part of a text matches a regular expression.</summary>
/// <remarks>
/// The time is bounded whoever writes the pattern and whoever writes the text: no backtracking, so a text is read once;
/// a pattern whose automaton would have more than <see cref="MaximumStates"/> states is refused, so that each of its
/// characters costs at most so many steps; and a text is cut. .NET works the states of the automaton out as texts come, and
/// keeps them, kilobytes each: hostile texts lead to ever new ones. What matching allocates is states, so it is counted,
/// and beyond <see cref="MostBytes"/> the expression is made anew, with which nothing of the old one stays. Any thread may
/// do that; if two do at once, one of their new ones is used. Nothing is allocated for texts whose states are known.
/// </remarks>
internal sealed class Matching : Test
{
    /// <summary>Characters (UTF-16 units) of a text that are looked at.</summary>
    public const int MaximumInput = 1024;

    /// <summary>States of an automaton: a pattern of 500 plain characters has as many.</summary>
    private const int MaximumStates = 1000;

    /// <summary>Bytes of states after which they are given up: some hundreds of them. A usual expression has tens.</summary>
    private const long MostBytes = 1 << 20;

    private Regex _regex;
    private long _bytes;

    static Matching() =>
        // .NET reads the limit when an expression is made, only as an Int32, which a project file cannot say.
        AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MaximumStates);

    private Matching(Regex regex) => _regex = regex;

    /// <summary>Compiles a pattern; null when that cannot be done, with the reason.</summary>
    public static Matching? Compile(string pattern, bool ignoreCase, out string reason)
    {
        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            reason = "";
            return new Matching(new Regex(pattern, options));
        }
        catch (RegexParseException fault)
        {
            reason = $"must be a regular expression of .NET: {fault.Error} at character {fault.Offset}";
        }
        catch (NotSupportedException fault)
        {
            reason = fault.Message.Contains("automata", StringComparison.Ordinal)
                ? $"must be a smaller regular expression: its repetitions multiply to more than {MaximumStates} states"
                : "must be a regular expression without look-around, backreferences and atomic or conditional groups";
        }

        return null;
    }

    public override Verdict Of(scoped in Scalar value, Circumstances circumstances)
    {
        if (value.Kind != AttributeKind.Text)
        {
            return Verdict.NotText;
        }

        var text = circumstances.Characters(value.Text, MaximumInput);
        var regex = Volatile.Read(ref _regex);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var matches = regex.IsMatch(text);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > 0 && Interlocked.Add(ref _bytes, allocated) > MostBytes)
        {
            Volatile.Write(ref _bytes, 0);
            Volatile.Write(ref _regex, new Regex(regex.ToString(), regex.Options));
        }

        return Verdicts.Of(matches);
    }
}
