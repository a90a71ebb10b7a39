using System.Globalization;
using NodaTime;
using Vitrine.Hosting;

namespace Vitrine.Experiences;

/// <summary>What an experience must be beyond the shape that its schema describes.</summary>
internal sealed class ExperienceRules
{
    private readonly List<ApiFieldError> _errors = [];

    private ExperienceRules()
    {
    }

    /// <summary>What is wrong with a document that is to be stored. It may be unfinished, but not wrong.</summary>
    /// <param name="document">As the schema has it, its zone filled in.</param>
    /// <param name="before">What it replaces; null when it is new.</param>
    public static IReadOnlyList<ApiFieldError> Errors(ExperienceDocument document, Experience? before)
    {
        var rules = new ExperienceRules();
        rules.CheckTimes(document);
        rules.CheckNames("/audiences", [.. document.Audiences.Select(static audience => audience.Name)], "audience");
        rules.CheckNames("/goals", [.. document.Goals.Select(static goal => goal.Name)], "goal");
        rules.CheckIds("/audiences", [.. document.Audiences.Select(static audience => audience.Id)], id => before?.GivenIds.KnowsAudience(id) == true, "audience");
        for (var index = 0; index < document.Audiences.Count; index++)
        {
            rules.CheckAudience($"/audiences/{index}", document.Audiences[index], before);
        }

        rules._errors.AddRange(ExperienceLanguage.Errors(document));
        return rules._errors;
    }

    /// <summary>What a document lacks to be published.</summary>
    /// <param name="document">One without errors.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static IReadOnlyList<ApiFieldError> Shortcomings(ExperienceDocument document, long now)
    {
        var rules = new ExperienceRules();
        if (document.Audiences.Count == 0)
        {
            rules.Add("/audiences", "An experience that is published has at least one audience.");
        }

        for (var index = 0; index < document.Audiences.Count; index++)
        {
            if (document.Audiences[index].Variations.Count == 0)
            {
                rules.Add($"/audiences/{index}/variations", "An audience of an experience that is published has at least one variation.");
            }
        }

        if (Schedule.Of(document).End is { } end && end <= now)
        {
            rules.Add("/end", "The end has passed: an experience that is published ends in the future or not at all.");
        }

        return rules._errors;
    }

    private void CheckTimes(ExperienceDocument document)
    {
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(document.TimeZone!) is not { } zone)
        {
            Add("/time_zone", $"'{document.TimeZone}' is no IANA time zone; one looks like Europe/Zurich.");
            return;
        }

        var start = CheckTime("/start", document.Start, zone);
        var end = CheckTime("/end", document.End, zone);
        if (end <= start)
        {
            Add("/end", "The end comes after the start.");
        }
    }

    private long? CheckTime(string path, string? text, DateTimeZone zone)
    {
        var time = Schedule.Parse(text, zone);
        if (text is not null && time is null)
        {
            Add(path, $"'{text}' is no time that there is; one looks like 2026-12-01T09:00.");
        }

        return time;
    }

    private void CheckAudience(string path, AudienceDocument audience, Experience? before)
    {
        var variations = audience.Variations;
        CheckNames($"{path}/variations", [.. variations.Select(static variation => variation.Name)], "variation");
        CheckIds(
            $"{path}/variations",
            [.. variations.Select(static variation => variation.Id)],
            id => audience.Id is { } known && before?.GivenIds.KnowsVariation(known, id) == true,
            "variation");
        if (variations.Count == 0 || variations.All(static variation => variation.Share is null))
        {
            return;
        }

        var sum = variations.Sum(static variation => variation.Share ?? 0);
        for (var index = 0; index < variations.Count; index++)
        {
            if (variations[index].Share is null)
            {
                Add($"{path}/variations/{index}/share", "Either every variation of an audience has a share or none.");
            }
        }

        if (sum != 100)
        {
            Add($"{path}/variations", string.Create(CultureInfo.InvariantCulture, $"The shares of an audience's variations make 100 together; these make {sum}."));
        }
    }

    private void CheckNames(string path, IReadOnlyList<string?> names, string what)
    {
        var seen = new HashSet<string>();
        for (var index = 0; index < names.Count; index++)
        {
            if (names[index] is { } name && !seen.Add(name))
            {
                Add($"{path}/{index}/name", $"There is another {what} of this name; give each its own.");
            }
        }
    }

    private void CheckIds(string path, IReadOnlyList<string?> ids, Predicate<string> known, string what)
    {
        var seen = new HashSet<string>();
        for (var index = 0; index < ids.Count; index++)
        {
            if (ids[index] is not { } id)
            {
                continue;
            }

            if (!known(id))
            {
                Add($"{path}/{index}/id", $"No {what} here was ever given the id '{id}'. Leave the id of a new {what} out; the server gives one.");
            }
            else if (!seen.Add(id))
            {
                Add($"{path}/{index}/id", $"The id {id} stands here twice.");
            }
        }
    }

    private void Add(string path, string reason) => _errors.Add(new ApiFieldError(path, reason));
}
