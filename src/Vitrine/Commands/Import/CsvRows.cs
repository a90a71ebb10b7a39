using System.Globalization;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;

namespace Vitrine.Commands.Import;

/// <summary>Reads CSV with a header line through a mapping.</summary>
internal static class CsvRows
{
    /// <summary>The elements of all rows that can be read; a row for which no event exists gives none.</summary>
    /// <exception cref="CommandException">The mapping speaks of a column that is not there.</exception>
    public static IEnumerable<ImportElement> Read(TextReader input, CsvMapping mapping, ImportTally tally)
    {
        string? misplaced = null; // Found when a row's fields are asked for.
        using var csv = new CsvReader(input, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MissingFieldFound = null,
            BadDataFound = bad => misplaced ??= $"a quotation mark is out of place: {bad.Field}",
        });
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
            var line = csv.Parser.RawRow;
            var element = Element(csv, mapping, identities, out var refusal);
            if ((misplaced ?? refusal) is { } reason)
            {
                tally.Refuse($"line {line}: {reason}");
                misplaced = null;
            }
            else if (element is not null)
            {
                yield return element;
            }
        }
    }

    private static ImportElement? Element(CsvReader csv, CsvMapping mapping, RowIdentities identities, out string? refusal)
    {
        string Column(string name) => csv.GetField(name) ?? "";
        var line = csv.Parser.RawRow;
        var row = string.Join('\u001F', csv.Parser.Record!);
        var occurrence = identities.Count(row);
        var given = mapping.Uuid is null ? "" : mapping.Fill(mapping.Uuid, Column);
        var time = mapping.EventTime is null ? null : mapping.Fill(mapping.EventTime, Column);
        long seconds = 0;
        refusal = time is null || CsvMapping.TrySeconds(time, out seconds) ? null : $"'{time}' is no time; send Unix seconds or ISO 8601";
        if (refusal is not null)
        {
            return null;
        }

        var actions = new JsonArray();
        for (var index = 0; index < mapping.Actions.Count; index++)
        {
            var action = mapping.Actions[index];
            if (!action.When.All(condition => Column(condition.Key) == condition.Value))
            {
                continue;
            }

            // The row's uuid is its first event's; a click beside an impression is an event of its own.
            var uuid = given.Length == 0 ? RowIdentities.Of(row, occurrence, index)
                : actions.Count == 0 ? given
                : RowIdentities.Of(given, 0, index);
            var one = new JsonObject
            {
                ["action"] = ActionName(mapping.Fill(action.Action, Column)),
                ["moe_event_uuid"] = uuid,
                ["attributes"] = new JsonObject(mapping.Attributes.Select(attribute =>
                    KeyValuePair.Create(attribute.Key, (JsonNode?)mapping.Fill(attribute.Value, Column)))),
            };
            if (time is not null)
            {
                one["event_time"] = seconds;
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

    private static string ActionName(string action) => action.ToUpperInvariant() switch
    {
        "SHOWN" => "MOE_PERSONALIZATION_MESSAGE_SHOWN",
        "CLICKED" => "MOE_PERSONALIZATION_MESSAGE_CLICKED",
        _ => action,
    };
}
