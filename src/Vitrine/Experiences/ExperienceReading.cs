using System.Text.Json;
using NodaTime;

namespace Vitrine.Experiences;

/// <summary>Reads an experience from what a client sent.</summary>
internal static class ExperienceReading
{
    /// <summary>What the schema says is below these is said better by the compiler of conditions.</summary>
    private static readonly string[] Conditions = ["match", "exclude", "where"];

    /// <summary>The document, its zone and shares filled in, or the refusal of it.</summary>
    /// <exception cref="AuthoringRefusedException">Something is wrong with it.</exception>
    public static ExperienceDocument Read(JsonElement body, Experience? before, DateTimeZone zone)
    {
        var misshapen = ExperienceSchema.Errors(body);
        if (misshapen.Any(static error => !IsOfCondition(error.Path)))
        {
            throw AuthoringRefusedException.Invalid(misshapen);
        }

        var document = body.Deserialize(ExperiencesJson.Readable.ExperienceDocument)!;
        document = document with { TimeZone = document.TimeZone ?? zone.Id, Tags = [.. document.Tags.Distinct()] };
        if (before is null)
        {
            document = WithoutIds(document);
        }

        var errors = ExperienceRules.Errors(document, before);
        return errors.Count + misshapen.Count == 0 ? WithShares(document)
            : throw AuthoringRefusedException.Invalid(errors.Any(static error => IsOfCondition(error.Path)) ? errors : [.. misshapen, .. errors]);
    }

    private static bool IsOfCondition(string path) => path.Split('/').Any(Conditions.Contains);

    /// <summary>A new experience gives ids of its own, whatever the one had that it was copied from.</summary>
    private static ExperienceDocument WithoutIds(ExperienceDocument document) => document with
    {
        Audiences = [.. document.Audiences.Select(static audience => audience with
        {
            Id = null,
            Variations = [.. audience.Variations.Select(static variation => variation with { Id = null })],
        })],
    };

    private static ExperienceDocument WithShares(ExperienceDocument document) => document with
    {
        Audiences = [.. document.Audiences.Select(static audience => audience with { Variations = WithShares(audience.Variations) })],
    };

    /// <summary>Without shares each gets the same; what cannot be divided goes to the first ones.</summary>
    private static IReadOnlyList<VariationDocument> WithShares(IReadOnlyList<VariationDocument> variations)
    {
        if (variations.Count == 0 || variations[0].Share is not null)
        {
            return variations;
        }

        var (each, left) = Math.DivRem(Allocation.Buckets, variations.Count);
        return [.. variations.Select((variation, index) => variation with { Share = (each + (index < left ? 1 : 0)) / 100m })];
    }
}
