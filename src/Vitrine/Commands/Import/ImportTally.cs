using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>What an import has come to. Any thread may add to it.</summary>
internal sealed class ImportTally
{
    private const int ExamplesKept = 10;
    private readonly Lock _gate = new();
    private readonly List<string> _examples = [];

    /// <summary>Events counted for the first time.</summary>
    public long Stored { get; private set; }

    /// <summary>Events that had been counted before.</summary>
    public long Duplicate { get; private set; }

    /// <summary>Events on disk of which the server could not say yet whether they are new.</summary>
    public long Accepted { get; private set; }

    /// <summary>Lines, elements or events refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Events that the server has on disk.</summary>
    public long Known => Stored + Duplicate + Accepted;

    /// <summary>The first refusals, with their lines.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Adds the answer of one request.</summary>
    public void Add(ImportKind kind, ImportBatch batch, JsonObject answer)
    {
        var refusals = answer["errors"]?.AsArray() ?? [];
        lock (_gate)
        {
            foreach (var refusal in refusals)
            {
                Refuse(Describe(kind, batch, refusal!.AsObject()));
            }

            if (answer["events"] is JsonArray events)
            {
                var duplicates = events.Count(static one => one!["outcome"]!.GetValue<string>() == "duplicate");
                Duplicate += duplicates;
                Stored += events.Count - duplicates;
            }
            else
            {
                Accepted += batch.Elements.Sum(static element => element.Events) - refusals.Count;
            }
        }
    }

    /// <summary>Adds a line, row or element that was refused, here or by the server.</summary>
    /// <param name="description">Which, and why.</param>
    public void Refuse(string description)
    {
        lock (_gate)
        {
            Refused++;
            if (_examples.Count < ExamplesKept)
            {
                _examples.Add(description);
            }
        }
    }

    private static string Describe(ImportKind kind, ImportBatch batch, JsonObject refusal)
    {
        var path = refusal["path"]!.GetValue<string>();
        var place = kind.Find(batch, path.TrimStart('/').Split('/')) is var (element, rest) ? $"line {element.Line}, {rest}" : path;
        return $"{place} {refusal["reason"]!.GetValue<string>()}";
    }
}
