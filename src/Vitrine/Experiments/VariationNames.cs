using Vitrine.Experiences;

namespace Vitrine.Experiments;

/// <summary>The variations that an experience has, and what people call them: as in the live version, or else the draft.</summary>
internal sealed class VariationNames(StoredExperience? stored)
{
    private readonly IReadOnlyList<AudienceDocument> _audiences = (stored?.Live?.Document ?? stored?.Experience.Draft)?.Audiences ?? [];

    /// <summary>Whether it has an audience.</summary>
    public bool HasAudience(string id) => _audiences.Any(audience => audience.Id == id);

    /// <summary>Whether it has a variation.</summary>
    public bool Has(string id) => Named(id).Any();

    /// <summary>The name of a variation, where all audiences call it the same.</summary>
    public string Of(string id) => Named(id).Distinct().ToList() is [{ } only] ? only : $"Variation {id}";

    private IEnumerable<string?> Named(string id) =>
        _audiences.SelectMany(static audience => audience.Variations).Where(variation => variation.Id == id).Select(static variation => variation.Name);
}
