using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace Vitrine.Dashboard.Authoring;

/// <summary>Writes a condition: groups of rules, and rules.</summary>
public sealed partial class ConditionEditor
{
    /// <summary>The document.</summary>
    [Parameter, EditorRequired]
    public Draft Draft { get; set; } = default!;

    /// <summary>Where the condition stands.</summary>
    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    /// <summary>Where its rules may look.</summary>
    [Parameter]
    public IReadOnlyList<(string Value, string Words)> Sources { get; set; } = ConditionWords.Sources;

    /// <summary>What it is called.</summary>
    [Parameter, EditorRequired]
    public string Legend { get; set; } = "";

    /// <summary>What it means that there is none.</summary>
    [Parameter]
    public string Nothing { get; set; } = "";

    /// <summary>How deep it stands within others.</summary>
    [Parameter]
    public int Depth { get; set; }

    /// <summary>It is to be taken away.</summary>
    [Parameter]
    public EventCallback Removed { get; set; }

    private string Id => "c" + Path.Replace('/', '-');

    private string? Kind => Draft.Find(Path) is not JsonObject condition ? null
        : condition.ContainsKey("all") ? "all"
        : condition.ContainsKey("any") ? "any"
        : condition.ContainsKey("not") ? "not"
        : "rule";

    private JsonArray Items => Draft.Find($"{Path}/{Kind}") as JsonArray ?? [];

    private string Operator => Draft.Text(Path + "/op");

    private string NameLabel => Draft.Text(Path + "/source") switch
    {
        "behaviour" => "How often the event",
        "time" => "day or hour",
        "device" => "type, os or browser",
        "geo" => "country, region or city",
        _ => "Attribute",
    };

    private string ValueText => Draft.Find(Path + "/value") switch
    {
        JsonArray list => string.Join(", ", list.Select(static one => one is JsonValue value && value.TryGetValue<string>(out var text) ? text : one?.ToJsonString())),
        _ => Draft.Text(Path + "/value"),
    };

    private JsonObject NewLeaf() => new() { ["source"] = Sources[0].Value, ["name"] = "", ["op"] = "equals", ["value"] = "" };

    private JsonObject NewGroup() => new() { ["all"] = new JsonArray(NewLeaf()) };

    /// <summary>Numbers and truths are stored as such: what compares texts reads them as texts again.</summary>
    private JsonNode? ReadValue(string text) => ConditionWords.TakesList(Operator)
        ? new JsonArray([.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ReadOne)])
        : ReadOne(text);

    private static JsonNode? ReadOne(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number.ToString(CultureInfo.InvariantCulture) == text ? JsonValue.Create(number)
        : text is "true" or "false" ? JsonValue.Create(text == "true")
        : JsonValue.Create(text);

    private void Rename(string kind)
    {
        var items = Items;
        (Draft.Find(Path) as JsonObject)?.Remove(Kind!);
        Draft.Set($"{Path}/{kind}", items);
    }

    private void RemovePart(int place)
    {
        Draft.Remove($"{Path}/{Kind}", place);
        if (Items.Count == 0)
        {
            _ = Removed.InvokeAsync();
        }
    }

    /// <summary>Makes the rest of a rule fit what was chosen: what no longer belongs to it, and is not shown, would be refused.</summary>
    private void Fit()
    {
        var value = Draft.Find(Path + "/value");
        JsonNode? fitting = ConditionWords.TakesNothing(Operator) ? null
            : value is null ? JsonValue.Create("")
            : (ConditionWords.TakesList(Operator), value) switch
            {
                (true, not JsonArray) => value.ToString().Length == 0 ? new JsonArray() : new JsonArray(value.DeepClone()),
                (false, JsonArray list) => list.FirstOrDefault()?.DeepClone() ?? JsonValue.Create(""),
                _ => value.DeepClone(),
            };
        Draft.Set(Path + "/value", fitting);
        if (Draft.Text(Path + "/source") != "behaviour")
        {
            Draft.Set(Path + "/days", null);
            Draft.Set(Path + "/experience", null);
        }
    }

    private void TakeValue(ChangeEventArgs change) => Draft.Set(Path + "/value", ReadValue((string?)change.Value ?? ""));

    private void TakeCase(ChangeEventArgs change) => Draft.Set(Path + "/ignore_case", change.Value is true ? JsonValue.Create(true) : null);

    private void Negate() => Draft.Set(Path, new JsonObject { ["not"] = Draft.Find(Path)!.DeepClone() });

    private void Unwrap() => Draft.Set(Path, Draft.Find(Path + "/not")!.DeepClone());
}
