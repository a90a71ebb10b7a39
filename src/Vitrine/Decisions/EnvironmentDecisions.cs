using System.Collections.Frozen;

namespace Vitrine.Decisions;

/// <summary>Everything that is decided by in an environment, at one moment. Immutable.</summary>
internal sealed class EnvironmentDecisions
{
    /// <summary>Keys are shorter than this; a longer text is none.</summary>
    private const int LongestKey = 64;

    private static readonly string[] Priorities = ["Critical", "High", "Medium", "Low"];

    private readonly CompiledExperience[] _asking; // What users are like or did.
    private readonly FrozenDictionary<string, CompiledExperience>.AlternateLookup<ReadOnlySpan<char>> _byKey;

    /// <summary>Puts the experiences together.</summary>
    public EnvironmentDecisions(EnvironmentNames names, ControlGroupMembership globalControlGroup, IReadOnlyList<CompiledExperience> experiences)
    {
        (Names, GlobalControlGroup) = (names, globalControlGroup);
        Experiences = [.. experiences
            .OrderBy(static one => Array.IndexOf(Priorities, one.Document.Priority))
            .ThenBy(static one => one.Source.Key, StringComparer.Ordinal)];
        _asking = [.. experiences.Where(static one => one.AsksAboutUser)];
        _byKey = experiences.ToFrozenDictionary(static one => one.Source.Key, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What conditions ask about.</summary>
    public EnvironmentNames Names { get; }

    /// <summary>Who is kept out of all experiences.</summary>
    public ControlGroupMembership GlobalControlGroup { get; }

    /// <summary>What was published, the most important first, those of the same priority by key.</summary>
    public CompiledExperience[] Experiences { get; }

    /// <summary>Says what a decision needs to know of the user: only what those experiences ask that the request asks for and that can be delivered now.</summary>
    public void Ask(FetchRequest request)
    {
        if (_asking.Length == 0)
        {
            return;
        }

        if (!request.NamesKeys)
        {
            foreach (var experience in _asking)
            {
                Ask(request, experience);
            }

            return;
        }

        for (var index = 0; index < Math.Min(request.Keys, FetchAnswer.MaximumKeys); index++)
        {
            if (Find(request.KeyAt(index)) is { } experience)
            {
                Ask(request, experience);
            }
        }
    }

    /// <summary>The experience of a key in UTF-8; null when none was published under it.</summary>
    public CompiledExperience? Find(ReadOnlySpan<byte> key)
    {
        Span<char> text = stackalloc char[LongestKey];
        return key.Length <= LongestKey
            && System.Text.Encoding.UTF8.TryGetChars(key, text, out var length)
            && _byKey.TryGetValue(text[..length], out var experience)
                ? experience
                : null;
    }

    private void Ask(FetchRequest request, CompiledExperience experience)
    {
        if (experience.OutcomeAt(request.Circumstances.Now) == DecisionOutcome.Delivered)
        {
            request.AskFor(experience, Names);
        }
    }
}
