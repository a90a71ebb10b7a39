using System.Globalization;
using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>The compiling of one condition.</summary>
internal sealed partial class Compilation(ConditionScope scope, List<ConditionError> errors)
{
    private static readonly string[] GroupMembers = ["all", "any", "not"];

    private const int MembersLookedAt = 20;

    private readonly List<LeafSource> _sources = [];
    private readonly int _errorsBefore = errors.Count;
    private int _leaves;

    public Condition? Compile(JsonElement element)
    {
        var condition = Node(element, "", depth: 1);
        if (_leaves > ConditionCompiler.MaximumLeaves)
        {
            Refuse("", $"has more than {ConditionCompiler.MaximumLeaves} leaves");
        }

        if (errors.Count > _errorsBefore)
        {
            return null;
        }

        _sources.ForEach(static source => source.Bind());
        return condition;
    }

    private Condition? Node(JsonElement element, string path, int depth)
    {
        if (depth > ConditionCompiler.MaximumDepth)
        {
            _leaves++;
            return Refuse(path, $"lies deeper than {ConditionCompiler.MaximumDepth} levels");
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            _leaves++;
            return Refuse(path, $"must be an object: a group such as {{\"all\": [...]}} or a leaf with source, name, op and value; it is {Describe(element)}");
        }

        if (Members(element, path) is not { } members)
        {
            _leaves++;
            return null;
        }

        if (Array.Find(GroupMembers, members.ContainsKey) is not { } group)
        {
            return ++_leaves > ConditionCompiler.MaximumLeaves ? null : Leaf(members, path);
        }

        if (members.Count > 1)
        {
            _leaves++;
            return Refuse(path, $"must have '{group}' as its only member");
        }

        return group == "not" ? Inverted(members[group], path + "/not", depth) : Group(group, members[group], $"{path}/{group}", depth);
    }

    /// <summary>The members of an object, of very many only some, which suffice to find one that nobody knows.</summary>
    private Dictionary<string, JsonElement>? Members(JsonElement element, string path)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (var member in element.EnumerateObject().Take(MembersLookedAt))
        {
            if (!JsonText.TryName(member, out var name))
            {
                Refuse(path, "has a member whose name is no Unicode text");
                return null;
            }

            if (!members.TryAdd(name, member.Value))
            {
                Refuse(path, $"has the member '{Shortened(name)}' twice");
                return null;
            }
        }

        return members;
    }

    private Not? Inverted(JsonElement element, string path, int depth) => Node(element, path, depth + 1) is { } part ? new Not(part) : null;

    private Condition? Group(string kind, JsonElement element, string path, int depth)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            _leaves++;
            return Refuse(path, $"must be a list of conditions; it is {Describe(element)}");
        }

        if (element.GetArrayLength() == 0)
        {
            _leaves++;
            return kind == "all" ? new AllOf([]) : Refuse(path, "must have at least one condition: an empty 'any' would hold for nobody");
        }

        var parts = new List<Condition>();
        foreach (var (index, part) in element.EnumerateArray().Index())
        {
            if (Node(part, $"{path}/{index.ToString(CultureInfo.InvariantCulture)}", depth + 1) is { } condition)
            {
                parts.Add(condition);
            }

            if (_leaves > ConditionCompiler.MaximumLeaves)
            {
                return null;
            }
        }

        return kind == "all" ? new AllOf([.. parts]) : new AnyOf([.. parts]);
    }

    private Condition? Refuse(string path, string reason)
    {
        errors.Add(new ConditionError(path, reason));
        return null;
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}
