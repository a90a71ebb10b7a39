using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

internal sealed partial class Compilation
{
    private static readonly string[] LeafMembers = ["source", "name", "op", "value", "ignore_case"];
    private static readonly string[] BehaviourMembers = ["source", "name", "op", "value", "experience", "days"];

    private Leaf? Leaf(Dictionary<string, JsonElement> members, string path)
    {
        var before = errors.Count;
        var source = Text(members, path, "source");
        var name = Text(members, path, "name");
        var op = Text(members, path, "op");
        CheckMembers(members, path, source == "behaviour" ? BehaviourMembers : LeafMembers);
        var ignoreCase = IgnoreCase(members, path);
        var days = source == "behaviour" ? Days(members, path) : null;
        var experience = source == "behaviour" && members.ContainsKey("experience") ? Text(members, path, "experience") : null;
        if (source is null || !Allows(source, path) || name is null || op is null || errors.Count > before)
        {
            return null;
        }

        var subject = Subject(source, name, experience, days, path);
        if (subject is null || !TryOperator(op, subject, path, out var asked, out var negated))
        {
            return null;
        }

        var value = members.GetValueOrDefault("value");
        var test = new TestCompilation(subject, ZoneOffsets.Of(scope.TimeZone), op, asked, ignoreCase, value, (at, reason) => Refuse($"{path}/value{at}", reason)).Compile();
        if (ignoreCase && !Operators.Text.HasFlag(asked))
        {
            Refuse($"{path}/ignore_case", $"goes with {OperatorNames.List(Operators.Text)}; {op} compares no texts");
        }

        if (errors.Count > before)
        {
            return null;
        }

        _sources.Add(subject.Source);
        var text = new LeafText(source, name, op)
        {
            Value = value.ValueKind == JsonValueKind.Undefined ? null : value.Clone(),
            IgnoreCase = ignoreCase,
            Experience = experience,
            Days = days,
        };
        return new Leaf(subject.Source, text, test, negated);
    }

    private bool TryOperator(string op, Subject subject, string path, out Operators asked, out bool negated)
    {
        if (!OperatorNames.TryFind(op, out asked, out negated))
        {
            Refuse(path + "/op", $"must be one of {OperatorNames.List(subject.Allowed)}; '{op}' is none");
            return false;
        }

        if (!subject.Allowed.HasFlag(asked))
        {
            Refuse(path + "/op", $"must be one of {OperatorNames.List(subject.Allowed)} for {subject.Description}; it is {op}");
            return false;
        }

        return true;
    }

    /// <summary>A leaf's member that is a text of 1–200 characters.</summary>
    private string? Text(Dictionary<string, JsonElement> members, string path, string member)
    {
        path = $"{path}/{member}";
        if (!members.TryGetValue(member, out var value))
        {
            Refuse(path, "is missing: a leaf has source, name, op and, for most operators, value");
        }
        else if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(path, $"must be a text; it is {Describe(value)}");
        }
        else if (!JsonText.TryRead(value, out var text))
        {
            Refuse(path, "must be Unicode text; it has half of a surrogate pair");
        }
        else if (JsonText.Length(text) is 0 or > ConditionCompiler.MaximumName)
        {
            Refuse(path, $"must have 1 to {ConditionCompiler.MaximumName} characters; it has {JsonText.Length(text)}");
        }
        else
        {
            return text;
        }

        return null;
    }

    private bool IgnoreCase(Dictionary<string, JsonElement> members, string path)
    {
        if (members.TryGetValue("ignore_case", out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(path + "/ignore_case", $"must be true or false; it is {Describe(value)}");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    private int? Days(Dictionary<string, JsonElement> members, string path)
    {
        if (!members.TryGetValue("days", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var days) && days is >= 1 and <= 90)
        {
            return days;
        }

        Refuse(path + "/days", "must be a whole number from 1 to 90");
        return null;
    }

    /// <summary>Refuses what nobody reads: a misspelt member would count as absent.</summary>
    private void CheckMembers(Dictionary<string, JsonElement> members, string path, string[] known)
    {
        if (members.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            Refuse(path, $"has a member '{Shortened(unknown)}', which no such leaf has; members are {string.Join(", ", known)}");
        }
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
