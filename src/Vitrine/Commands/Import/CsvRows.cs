using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace Vitrine.Commands.Import;

/// <summary>Reads CSV with a header line through a mapping.</summary>
internal static class CsvRows
{
    private static readonly CsvConfiguration Configuration = new(CultureInfo.InvariantCulture)
    {
        MissingFieldFound = null,
        BadDataFound = static bad => throw new CommandException($"the CSV is malformed near: {bad.RawRecord.Trim()}"),
    };

    /// <summary>The elements of all rows; a row for which no event exists gives none.</summary>
    /// <exception cref="CommandException">The mapping speaks of a column that is not there, or a row does not fit it.</exception>
    public static IEnumerable<ImportElement> Read(TextReader input, CsvMapping mapping)
    {
        using var csv = new CsvReader(input, Configuration);
        if (!csv.Read() || !csv.ReadHeader())
        {
            yield break;
        }

        var missing = mapping.Columns().Except(csv.HeaderRecord!, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
        {
            throw new CommandException(
                $"the mapping speaks of the column(s) {string.Join(", ", missing)}; the CSV has {string.Join(", ", csv.HeaderRecord!)}");
        }

        var identities = new RowIdentities();
        while (csv.Read())
        {
            if (Element(csv, mapping, identities) is { } element)
            {
                yield return element;
            }
        }
    }

    private static ImportElement? Element(CsvReader csv, CsvMapping mapping, RowIdentities identities)
    {
        string Column(string name) => csv.GetField(name) ?? "";
        var line = csv.Parser.RawRow;
        var row = string.Join('\u001F', csv.Parser.Record!);
        var occurrence = identities.Count(row);
        var actions = new JsonArray();
        for (var index = 0; index < mapping.Actions.Count; index++)
        {
            var action = mapping.Actions[index];
            if (!action.When.All(condition => Column(condition.Key) == condition.Value))
            {
                continue;
            }

            var uuid = mapping.Uuid is null ? "" : mapping.Fill(mapping.Uuid, Column);
            var one = new JsonObject
            {
                ["action"] = ActionName(mapping.Fill(action.Action, Column)),
                ["moe_event_uuid"] = uuid.Length > 0 ? uuid : RowIdentities.Of(row, occurrence, index),
                ["attributes"] = new JsonObject(mapping.Attributes.Select(attribute =>
                    KeyValuePair.Create(attribute.Key, (JsonNode?)mapping.Fill(attribute.Value, Column)))),
            };
            if (mapping.EventTime is { } time)
            {
                one["event_time"] = Time(mapping.Fill(time, Column), line);
            }

            if (mapping.Platform is { } platform)
            {
                one["platform"] = mapping.Fill(platform, Column);
            }

            actions.Add((JsonNode)one);
        }

        return actions.Count == 0
            ? null
            : new ImportElement(line, new JsonObject { ["customer_id"] = mapping.Fill(mapping.CustomerId, Column), ["actions"] = actions }, actions.Count);
    }

    private static long Time(string text, int line)
    {
        try
        {
            return CsvMapping.Seconds(text);
        }
        catch (FormatException)
        {
            throw new CommandException($"line {line}: '{text}' is no time; send Unix seconds or ISO 8601");
        }
    }

    private static string ActionName(string action) => action.ToUpperInvariant() switch
    {
        "SHOWN" => "MOE_PERSONALIZATION_MESSAGE_SHOWN",
        "CLICKED" => "MOE_PERSONALIZATION_MESSAGE_CLICKED",
        _ => action,
    };
}
