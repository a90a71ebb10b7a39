using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>
/// Conditions as the documentation reads, evaluated in the plainest way on the documents themselves: nothing is compiled,
/// and whatever a library does is left to it.
/// </summary>
internal sealed partial class PlainEvaluator(JsonObject scene, DateTimeZone zone)
{
    private static readonly string[] Negations = ["not_equals", "not_in", "not_contains", "not_exists"];

    private Instant Now => InstantPattern.ExtendedIso.Parse((string)scene["now"]!).Value;

    public bool Holds(JsonNode condition) =>
        condition["all"] is JsonArray all ? all.All(part => Holds(part!))
        : condition["any"] is JsonArray any ? any.Any(part => Holds(part!))
        : condition["not"] is { } part ? !Holds(part)
        : Leaf(condition) == true;

    /// <summary>Null when the leaf cannot be evaluated.</summary>
    public bool? Leaf(JsonNode leaf)
    {
        var op = (string)leaf["op"]!;
        var source = (string)leaf["source"]!;
        if (source is "user" or "behaviour" && scene["user"] is null)
        {
            return null;
        }

        if (Negations.Contains(op))
        {
            var positive = leaf.DeepClone();
            positive["op"] = op["not_".Length..];
            return !Leaf(positive);
        }

        var actual = Actual(source, (string)leaf["name"]!);
        if (source == "behaviour" && op == "exists")
        {
            return actual is null ? null : (long)actual > 0;
        }

        return op == "exists" ? actual is not null
            : actual is null ? null
            : actual is JsonArray list ? OfAny(list, leaf)
            : Ask(actual, leaf, isElement: false);
    }

    private JsonNode? Actual(string source, string name)
    {
        switch (source)
        {
            case "behaviour":
                return scene["counts"]?[name]?.DeepClone();
            case "time":
                var local = Moment().InZone(zone);
                return name == "day" ? JsonValue.Create(local.DayOfWeek.ToString()) : JsonValue.Create(local.Hour);
            case "device":
                return scene["agent"] is { } agent ? Surroundings.Devices[(string)agent!][name]?.DeepClone() : null;
            case "geo":
                return scene["address"] is { } address ? Surroundings.Places[(string)address!][name]?.DeepClone() : null;
            default:
                return scene[source]?[name];
        }
    }

    /// <summary>Tries whole days, or hours, from now in both directions.</summary>
    private Instant Moment()
    {
        var step = scene["hour"] is null ? Duration.FromDays(1) : Duration.FromHours(1);
        return Enumerable.Range(0, 200).SelectMany(away => new[] { Now + (step * away), Now - (step * away) }).First(moment =>
            (scene["day"] is not { } day || moment.InUtc().DayOfWeek.ToString() == (string)day!)
            && (scene["hour"] is not { } hour || moment.InUtc().Hour == (int)hour));
    }

    private bool? OfAny(JsonArray list, JsonNode leaf)
    {
        var outcomes = list.Select(element => Ask(element, leaf, isElement: true)).ToList();
        return outcomes.Contains(true) ? true
            : outcomes.Contains(false) || outcomes.Count == 0 ? false
            : null;
    }

    private bool? Ask(JsonNode? actual, JsonNode leaf, bool isElement)
    {
        if (actual is null or JsonArray or JsonObject)
        {
            return null;
        }

        var value = leaf["value"]!;
        var comparison = (bool?)leaf["ignore_case"] == true ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        switch ((string)leaf["op"]!)
        {
            case "equals":
                return AreEqual(actual, value, comparison);
            case "in":
                return value.AsArray().Any(one => AreEqual(actual, one!, comparison));
            case "contains" when isElement:
                return AreEqual(actual, value, comparison);
            case "contains":
                return Text(actual) is { } whole && Text(value) is { } piece ? whole.Contains(piece, comparison) : null;
            case "starts_with":
                return Text(actual)?.StartsWith(Text(value)!, comparison);
            case "ends_with":
                return Text(actual)?.EndsWith(Text(value)!, comparison);
            case "matches":
                var options = RegexOptions.CultureInvariant | (comparison == StringComparison.Ordinal ? RegexOptions.None : RegexOptions.IgnoreCase);
                return Text(actual) is { } text ? Regex.IsMatch(text[..Math.Min(text.Length, 1024)], Text(value)!, options) : null;
            case "gt":
                return Satisfies(Order(actual, value), static order => order > 0);
            case "gte":
                return Satisfies(Order(actual, value), static order => order >= 0);
            case "lt":
                return Satisfies(Order(actual, value), static order => order < 0);
            case "lte":
                return Satisfies(Order(actual, value), static order => order <= 0);
            case "between" when value[0]!.GetValueKind() == JsonValueKind.Number && Number(value[0]!) < 1e9:
                return Number(actual) is { } number ? number >= Number(value[0]!) && number <= Number(value[1]!) : null;
            case "between":
                return Date(actual) is { } moment ? moment.First >= Date(value[0]!)!.Value.First && moment.First < Date(value[1]!)!.Value.End : null;
            case "before":
                return Date(actual) is { } early ? early.First < Date(value)!.Value.First : null;
            case "after":
                return Date(actual) is { } late ? late.First >= Date(value)!.Value.End : null;
            case "within_last_days":
                return Date(actual) is { } past ? past.First <= Now && past.First >= Now - Duration.FromDays((int)value) : null;
            case "within_next_days":
                return Date(actual) is { } next ? next.First >= Now && next.First <= Now + Duration.FromDays((int)value) : null;
            case "semver_gt":
                return Satisfies(Version(actual)?.ComparePrecedenceTo(Version(value)), static order => order > 0);
            case "semver_gte":
                return Satisfies(Version(actual)?.ComparePrecedenceTo(Version(value)), static order => order >= 0);
            case "semver_lt":
                return Satisfies(Version(actual)?.ComparePrecedenceTo(Version(value)), static order => order < 0);
            case "semver_lte":
                return Satisfies(Version(actual)?.ComparePrecedenceTo(Version(value)), static order => order <= 0);
            case "semver_equals":
                return Satisfies(Version(actual)?.ComparePrecedenceTo(Version(value)), static order => order == 0);
            default:
                throw new NotSupportedException(leaf.ToJsonString());
        }
    }

    private static bool? Satisfies(int? order, Func<int, bool> wanted) => order is { } known ? wanted(known) : null;
}
