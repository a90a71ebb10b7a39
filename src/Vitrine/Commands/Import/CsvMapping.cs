using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Vitrine.Journal.Records;

namespace Vitrine.Commands.Import;

/// <summary>
/// How the columns of a CSV become events. Every text may hold <c>{column}</c>, which stands for the row's value;
/// <c>values</c> may translate a column's values first. Described in <c>docs/import.md</c>.
/// </summary>
internal sealed partial record CsvMapping
{
    /// <summary>Whose events they are.</summary>
    [JsonPropertyName("customer_id")]
    public required string CustomerId { get; init; }

    /// <summary>When: Unix seconds or milliseconds, or ISO 8601 (without an offset: UTC).</summary>
    [JsonPropertyName("event_time")]
    public string? EventTime { get; init; }

    /// <summary>Where.</summary>
    [JsonPropertyName("platform")]
    public string? Platform { get; init; }

    /// <summary>The uuid, where the rows have one; otherwise it is derived from the row.</summary>
    [JsonPropertyName("moe_event_uuid")]
    public string? Uuid { get; init; }

    /// <summary>Of goal events, where there is no <see cref="Uuid"/>: any other text by which they are recognised, such as an order's number.</summary>
    [JsonPropertyName("event_id")]
    public string? EventId { get; init; }

    /// <summary>Of goal events: the app's version.</summary>
    [JsonPropertyName("app_version")]
    public string? AppVersion { get; init; }

    /// <summary>The attributes of each event.</summary>
    [JsonPropertyName("attributes")]
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>The events that a row stands for.</summary>
    [JsonPropertyName("actions")]
    public required IReadOnlyList<CsvAction> Actions { get; init; }

    /// <summary>For a column, what its values mean; a value that is not named stays as it is.</summary>
    [JsonPropertyName("values")]
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Values
    {
        get => field ?? FrozenDictionary<string, IReadOnlyDictionary<string, string>>.Empty;
        init;
    }

    /// <summary>Reads a mapping file.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static CsvMapping Load(string path, ImportKind kind)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllBytes(path), documentOptions: ReadingOptions) ?? throw new CommandException($"{path} is empty");
            if (json is not JsonObject fields)
            {
                throw new CommandException($"{path} is no mapping: it is no JSON object");
            }

            RefuseFields(path, "it", kind, fields, ImportJson.Default.CsvMapping);
            foreach (var action in (fields["actions"] as JsonArray ?? []).OfType<JsonObject>())
            {
                RefuseFields(path, "an action of it", kind, action, ImportJson.Default.CsvAction);
            }

            return fields.Deserialize(ImportJson.Default.CsvMapping)!;
        }
        catch (JsonException fault)
        {
            throw new CommandException(fault.Path is null or "$"
                ? $"{path} is no mapping: it is no JSON: {fault.Message}"
                : $"{path} is no mapping: what stands at {fault.Path} is not what a mapping has there (docs/import.md)");
        }
    }

    /// <summary>Names fields that are missing or that nobody knows, which are mostly the same one misspelt.</summary>
    private static void RefuseFields(string path, string which, ImportKind kind, JsonObject fields, JsonTypeInfo shape)
    {
        var missing = shape.Properties.Where(property => property.IsRequired && !fields.ContainsKey(property.Name)).Select(static property => property.Name).ToList();
        var known = shape.Properties.Select(static property => property.Name)
            .Except(ImportKind.All.Where(other => other != kind).SelectMany(static other => other.OwnMappingFields));
        var unknown = fields.Select(static field => field.Key).Except(known).ToList();
        if (missing.Count + unknown.Count > 0)
        {
            throw new CommandException(
                $"{path} is no mapping: {which} "
                + string.Join(" and ", new[] { missing.Count > 0 ? $"lacks {string.Join(", ", missing)}" : null, unknown.Count > 0 ? $"has {string.Join(", ", unknown)}, which no mapping of {kind.Name} knows" : null }.OfType<string>()));
        }
    }

    /// <summary>The columns that the mapping speaks of.</summary>
    public IEnumerable<string> Columns() => Attributes.Values
        .Append(CustomerId)
        .Append(EventTime)
        .Append(Platform)
        .Append(Uuid)
        .Append(EventId)
        .Append(AppVersion)
        .Concat(Actions.Select(static action => action.Action))
        .OfType<string>()
        .SelectMany(static text => Placeholder().Matches(text).Select(static match => match.Groups[1].Value))
        .Concat(Actions.SelectMany(static action => action.When.Keys))
        .Concat(Values.Keys)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Fills in a row's values.</summary>
    public string Fill(string template, Func<string, string> column) => Placeholder().Replace(template, match =>
    {
        var value = column(match.Groups[1].Value);
        return Values.TryGetValue(match.Groups[1].Value, out var meanings) && meanings.TryGetValue(value, out var meaning) ? meaning : value;
    });

    /// <summary>A time as Unix seconds.</summary>
    public static bool TrySeconds(string time, out long seconds)
    {
        if (long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            seconds = number >= EventTimeRules.FirstMilliseconds ? number / 1000 : number;
            return true;
        }

        var readable = DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant);
        seconds = instant.ToUnixTimeSeconds();
        return readable;
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholder();

    private static JsonDocumentOptions ReadingOptions => new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
}

/// <summary>One event of a row.</summary>
internal sealed record CsvAction
{
    /// <summary><c>shown</c> or <c>clicked</c>, or the wire's own names.</summary>
    [JsonPropertyName("action")]
    public required string Action { get; init; }

    /// <summary>The event exists only where these columns have these values.</summary>
    [JsonPropertyName("when")]
    public IReadOnlyDictionary<string, string> When
    {
        get => field ?? FrozenDictionary<string, string>.Empty;
        init;
    }
}

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(CsvMapping))]
internal sealed partial class ImportJson : JsonSerializerContext;
