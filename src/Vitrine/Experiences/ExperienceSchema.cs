using System.Text.Json;
using Json.Schema;
using Vitrine.Hosting;

namespace Vitrine.Experiences;

/// <summary>The JSON Schema of an experience: what is published is what checks.</summary>
public static class ExperienceSchema
{
    private static readonly EvaluationOptions Listing = new() { OutputFormat = OutputFormat.List };
    private static readonly JsonElement Root = JsonElement.Parse(Text);
    private static readonly JsonSchema Schema = JsonSchema.Build(Root);

    /// <summary>The schema as it is published.</summary>
    public static ReadOnlySpan<byte> Text => Bytes;

    private static byte[] Bytes => field ??= Read();

    /// <summary>What in a document is not as the schema has it.</summary>
    public static IReadOnlyList<ApiFieldError> Errors(JsonElement document)
    {
        var outcome = Schema.Evaluate(document, Listing);
        return outcome.IsValid
            ? []
            : [.. (outcome.Details ?? []).Prepend(outcome)
                .SelectMany(static detail => (detail.Errors ?? []).Select(error =>
                    new ApiFieldError(detail.InstanceLocation.ToString(), Reason(detail, error.Key, error.Value))))
                .Distinct()];
    }

    private static string Reason(EvaluationResults detail, string keyword, string message)
    {
        var schema = Json.Pointer.JsonPointer.Parse(Uri.UnescapeDataString(detail.SchemaLocation.Fragment.TrimStart('#'))).Evaluate(Root);
        return keyword switch
        {
            "" => "There is no such property here.",
            "enum" when schema is { } found => $"It must be one of {string.Join(", ", found.GetProperty("enum").EnumerateArray())}.",
            "pattern" or "oneOf" when schema is { } found && found.TryGetProperty("description", out var description) => $"It must be as described: {description.GetString()}",
            _ => message.EndsWith('.') ? message : message + ".",
        };
    }

    private static byte[] Read()
    {
        using var stream = typeof(ExperienceSchema).Assembly.GetManifestResourceStream("Vitrine.Experiences.experience.schema.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
