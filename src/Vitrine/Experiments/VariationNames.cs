using Vitrine.Experiences;

namespace Vitrine.Experiments;

/// <summary>What people call the variations: as in the live version, where all audiences call one the same.</summary>
internal sealed class VariationNames(StoredExperience? stored)
{
    private readonly ILookup<string, string?> _names = (stored?.Live?.Document ?? stored?.Experience.Draft)?.Audiences
        .SelectMany(static audience => audience.Variations)
        .Where(static variation => variation.Id is not null)
        .ToLookup(static variation => variation.Id!, static variation => variation.Name, StringComparer.Ordinal)
        ?? Array.Empty<string>().ToLookup(static one => one, static one => (string?)one);

    /// <summary>The name of a variation.</summary>
    public string Of(string id) => _names[id].Distinct().ToList() is [{ } only] ? only : $"Variation {id}";
}
