using System.Collections.Frozen;
using Vitrine.Projection.Behaviours;

namespace Vitrine.Decisions;

/// <summary>Everything that is decided by in an environment, at one moment. Immutable.</summary>
internal sealed class EnvironmentDecisions
{
    /// <summary>Keys are shorter than this; a longer text is none.</summary>
    private const int LongestKey = 64;

    private static readonly string[] Priorities = ["Critical", "High", "Medium", "Low"];

    private readonly Dictionary<CompiledExperience, BehaviourWatch[]> _watches; // Of those that ask what users did.
    private readonly FrozenDictionary<string, CompiledExperience>.AlternateLookup<ReadOnlySpan<char>> _byKey;

    /// <summary>Puts the experiences together.</summary>
    public EnvironmentDecisions(EnvironmentNames names, ControlGroupMembership globalControlGroup, IReadOnlyList<CompiledExperience> experiences)
    {
        (Names, GlobalControlGroup) = (names, globalControlGroup);
        Experiences = [.. experiences
            .OrderBy(static one => Array.IndexOf(Priorities, one.Document.Priority))
            .ThenBy(static one => one.Source.Key, StringComparer.Ordinal)];
        AsksAboutUser = experiences.Any(static one => one.AsksAboutUser);
        _watches = experiences.Where(static one => one.Behaviours.Count > 0).ToDictionary(static one => one, one => names.WatchesOf(one.Behaviours));
        _byKey = experiences.ToFrozenDictionary(static one => one.Source.Key, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>What conditions ask about.</summary>
    public EnvironmentNames Names { get; }

    /// <summary>Who is kept out of all experiences.</summary>
    public ControlGroupMembership GlobalControlGroup { get; }

    /// <summary>What was published, the most important first, those of the same priority by key.</summary>
    public CompiledExperience[] Experiences { get; }

    /// <summary>Whether some decision needs to know what a user is like or did.</summary>
    public bool AsksAboutUser { get; }

    /// <summary>
    /// Whether a request asks for an experience that asks what the customer did, while that is still being counted: the
    /// decision would be another one in a moment.
    /// </summary>
    public bool AwaitsCounts(FetchRequest request)
    {
        if (_watches.Count == 0 || request.CustomerId.Length == 0)
        {
            return false;
        }

        if (!request.NamesKeys)
        {
            foreach (var ofOne in _watches.Values)
            {
                if (Array.Exists(ofOne, static one => !one.IsReady))
                {
                    return true;
                }
            }

            return false;
        }

        for (var index = 0; index < Math.Min(request.Keys, FetchAnswer.MaximumKeys); index++)
        {
            if (Find(request.KeyAt(index)) is { } experience
                && _watches.TryGetValue(experience, out var watches)
                && Array.Exists(watches, static one => !one.IsReady))
            {
                return true;
            }
        }

        return false;
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
}
