using System.Globalization;
using System.Text.Json;
using NodaTime;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Templates;
using Vitrine.Hosting;

namespace Vitrine.Experiences;

/// <summary>Checks what in an experience is written in a language of its own: conditions and templates.</summary>
internal static class ExperienceLanguage
{
    /// <summary>Regular expressions in an experience: a hostile one may cost 30 ms and megabytes for each text, so that there are few of them.</summary>
    public const int MaximumExpressions = 20;

    /// <summary>What cannot be compiled, and why.</summary>
    public static IReadOnlyList<ApiFieldError> Errors(ExperienceDocument document)
    {
        var errors = new List<ApiFieldError>();
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(document.TimeZone!) ?? DateTimeZone.Utc;
        var audience = new ConditionScope { User = new(), Request = new(), Behaviours = new(), TimeZone = zone };
        var goal = audience with { Sources = ConditionSources.Event };
        for (var index = 0; index < document.Audiences.Count; index++)
        {
            var one = document.Audiences[index];
            CheckCondition($"/audiences/{index}/match", one.Match, audience, errors);
            CheckCondition($"/audiences/{index}/exclude", one.Exclude, audience, errors);
            for (var variation = 0; variation < one.Variations.Count; variation++)
            {
                CheckPayload($"/audiences/{index}/variations/{variation}/payload", one.Variations[variation], errors);
            }
        }

        for (var index = 0; index < document.Goals.Count; index++)
        {
            CheckCondition($"/goals/{index}/where", document.Goals[index].Where, goal, errors);
        }

        var conditions = document.Audiences.SelectMany(static one => new[] { one.Match, one.Exclude }).Concat(document.Goals.Select(static one => one.Where));
        if (conditions.OfType<JsonElement>().Sum(Expressions) is var expressions and > MaximumExpressions)
        {
            errors.Add(new ApiFieldError("/audiences", $"The conditions of an experience have {expressions} leaves with 'matches'; at most {MaximumExpressions} are allowed. 'contains', 'starts_with' and 'ends_with' are not counted."));
        }

        return errors;
    }

    private static int Expressions(JsonElement condition) => condition.ValueKind switch
    {
        JsonValueKind.Object => condition.EnumerateObject().Sum(static member => member.NameEquals("op") && member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals("matches") ? 1 : Expressions(member.Value)),
        JsonValueKind.Array => condition.EnumerateArray().Sum(Expressions),
        _ => 0,
    };

    /// <summary>Compiles a variable of a payload; null, with what is wrong, when it cannot be.</summary>
    public static PayloadValue? Compile(PayloadVariable variable, List<TemplateError> errors) =>
        PayloadValue.Compile(JsonSerializer.SerializeToElement(variable, ExperiencesJson.Readable.PayloadVariable), errors);

    private static void CheckPayload(string path, VariationDocument variation, List<ApiFieldError> errors)
    {
        foreach (var (name, variable) in variation.Payload)
        {
            var found = new List<TemplateError>();
            Compile(variable, found);
            errors.AddRange(found.Select(error => new ApiFieldError(
                $"{path}/{JsonDifference.Escape(name)}{error.Path}",
                error.Line == 0 ? error.Reason : string.Create(CultureInfo.InvariantCulture, $"Line {error.Line}, column {error.Column} of the variable '{name}': {error.Reason}"))));
        }
    }

    private static void CheckCondition(string path, JsonElement? condition, ConditionScope scope, List<ApiFieldError> errors)
    {
        if (condition is { } element)
        {
            var found = new List<ConditionError>();
            ConditionCompiler.Compile(element, scope, found);
            errors.AddRange(found.Select(error => new ApiFieldError(path + error.Path, error.Reason)));
        }
    }
}
