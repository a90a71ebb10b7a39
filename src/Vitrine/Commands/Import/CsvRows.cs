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
    public static IEnumerable<ImportElement> Read(ImportKind kind, TextReader input, CsvMapping mapping, ImportTally tally)
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
            var element = Element(kind, csv, mapping, identities, out var refusal);
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

    private static ImportElement? Element(ImportKind kind, CsvReader csv, CsvMapping mapping, RowIdentities identities, out string? refusal)
    {
        string Column(string name) => csv.GetField(name) ?? "";
        string? Filled(string? template) => template is null ? null : mapping.Fill(template, Column);
        var line = csv.Parser.RawRow;
        var row = string.Join('\u001F', csv.Parser.Record!);
        var occurrence = identities.Count(row);
        var (identityField, identity) = mapping.Uuid is null ? ("event_id", Filled(mapping.EventId)) : ("moe_event_uuid", Filled(mapping.Uuid));
        var time = Filled(mapping.EventTime);
        long seconds = 0;
        refusal = time is null || CsvMapping.TrySeconds(time, out seconds) ? null : $"'{time}' is no time; send Unix seconds or ISO 8601";
        if (refusal is not null)
        {
            return null;
        }

        var actions = new JsonArray();
        foreach (var (index, action) in mapping.Actions.Index().Where(one => one.Item.When.All(condition => Column(condition.Key) == condition.Value)))
        {
            var one = new JsonObject { ["action"] = kind.ActionName(Filled(action.Action)!) };
            if (string.IsNullOrEmpty(identity))
            {
                one["moe_event_uuid"] = RowIdentities.Of(row, occurrence, index);
            }
            else if (actions.Count == 0)
            {
                one[identityField] = identity;
            }
            else
            {
                // What the row is called is its first event; a click beside an impression is an event of its own.
                one["moe_event_uuid"] = RowIdentities.Of(identity, 0, index);
            }

            one["attributes"] = new JsonObject(mapping.Attributes.Select(attribute => KeyValuePair.Create(attribute.Key, (JsonNode?)Filled(attribute.Value))));
            if (time is not null)
            {
                one[kind.TimeField] = seconds;
            }

            foreach (var (field, template) in new[] { ("platform", mapping.Platform), ("app_version", mapping.AppVersion) }.Where(static one => one.Item2 is not null))
            {
                one[field] = Filled(template);
            }

            actions.Add((JsonNode)one);
        }

        return actions.Count == 0
            ? null
            : new ImportElement(line, new JsonObject { ["customer_id"] = Filled(mapping.CustomerId), ["actions"] = actions }, actions.Count);
    }
}
