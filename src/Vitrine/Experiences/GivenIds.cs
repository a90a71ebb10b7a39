using System.Globalization;
using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>How many ids an experience has given to audiences and variations. Ids are never given again, so that reports of one never mix with another's.</summary>
/// <param name="Audiences">How many audiences were named; their ids are 1, 2, … in capital hexadecimal digits.</param>
/// <param name="Variations">How many variations were named, by audience id; their ids are 0, 1, … in decimal digits.</param>
public sealed record GivenIds(
    [property: JsonPropertyName("audiences")] int Audiences,
    [property: JsonPropertyName("variations")] IReadOnlyDictionary<string, int> Variations)
{
    /// <summary>The one locale that there is.</summary>
    public const string LocaleId = "0";

    /// <summary>Nothing was named yet.</summary>
    public static GivenIds None { get; } = new(0, new Dictionary<string, int>());

    /// <summary>Whether an audience was given this id.</summary>
    public bool KnowsAudience(string id) =>
        int.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
        && number > 0 && number <= Audiences && AudienceId(number) == id;

    /// <summary>Whether a variation of an audience was given this id.</summary>
    public bool KnowsVariation(string audienceId, string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < Variations.GetValueOrDefault(audienceId) && VariationId(number) == id;

    /// <summary>
    /// Gives ids to the audiences and variations of a document that have none. One without an id that is called as one of
    /// the document before is that one.
    /// </summary>
    public (ExperienceDocument Document, GivenIds Given) Name(ExperienceDocument document, ExperienceDocument? before)
    {
        var audiences = Audiences;
        var variations = Variations.ToDictionary();
        var taken = document.Audiences.Select(static audience => audience.Id).OfType<string>().ToHashSet();
        var named = document.Audiences.Select(audience =>
        {
            var predecessor = before?.Audiences.FirstOrDefault(one =>
                audience.Id is null ? one.Name == audience.Name && !taken.Contains(one.Id!) : one.Id == audience.Id);
            var id = audience.Id ?? predecessor?.Id ?? AudienceId(++audiences);
            var count = variations.GetValueOrDefault(id);
            var ofAudience = Name(audience.Variations, predecessor?.Variations ?? [], ref count);
            variations[id] = count;
            return audience with { Id = id, Variations = ofAudience };
        }).ToList();
        return (document with { Audiences = named }, new GivenIds(audiences, variations));
    }

    private static string AudienceId(int number) => number.ToString("X", CultureInfo.InvariantCulture);

    private static string VariationId(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static List<VariationDocument> Name(
        IReadOnlyList<VariationDocument> variations, IReadOnlyList<VariationDocument> before, ref int count)
    {
        var taken = variations.Select(static variation => variation.Id).OfType<string>().ToHashSet();
        var named = new List<VariationDocument>();
        foreach (var variation in variations)
        {
            var predecessor = variation.Id is null && variation.Name is not null
                ? before.FirstOrDefault(one => one.Name == variation.Name && !taken.Contains(one.Id!))
                : null;
            var id = variation.Id ?? predecessor?.Id ?? VariationId(count++);
            named.Add(variation with { Id = id, LocaleId = LocaleId, Name = variation.Name ?? $"Variation {id}" });
        }

        return named;
    }
}
