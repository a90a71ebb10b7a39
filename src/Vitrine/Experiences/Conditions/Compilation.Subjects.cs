using System.Text.Json;
using Vitrine.Experiences.Devices;

namespace Vitrine.Experiences.Conditions;

internal sealed partial class Compilation
{
    private static readonly (string Name, ConditionSources Source)[] SourceNames =
    [
        ("user", ConditionSources.User),
        ("request", ConditionSources.Request),
        ("event", ConditionSources.Event),
        ("time", ConditionSources.Time),
        ("device", ConditionSources.Device),
        ("geo", ConditionSources.Geography),
        ("behaviour", ConditionSources.Behaviour),
    ];

    private bool Allows(string source, string path)
    {
        if (SourceNames.Any(entry => entry.Name == source && scope.Sources.HasFlag(entry.Source)))
        {
            return true;
        }

        var allowed = string.Join(", ", SourceNames.Where(entry => scope.Sources.HasFlag(entry.Source)).Select(static entry => entry.Name));
        Refuse(path + "/source", $"must be one of {allowed} here; it is '{Shortened(source)}'");
        return false;
    }

    private Subject? Subject(string source, string name, string? experience, int? days, string path)
    {
        var zone = ZoneOffsets.Of(scope.TimeZone);
        return (source, name) switch
        {
            ("user", _) => new Subject("a user attribute", new UserSource(scope.User, name), Operators.All),
            ("request", _) => new Subject("a request attribute", new RequestSource(scope.Request, name), Operators.All),
            ("event", _) => new Subject("an event attribute", new EventSource(scope.Event, name), Operators.All),
            ("behaviour", _) => new Subject("a count of events", new BehaviourSource(scope.Behaviours, new Behaviour(name, experience, days)), Operators.Count)
            {
                Possible = "a whole number, 0 or more",
                IsPossible = static (value, _) => IsWhole(value, long.MaxValue),
                IsCount = true,
            },
            ("time", "day") => Named("the day", new TimeSource(zone, isHour: false), Operators.Equal | Operators.In, Calendar.Days),
            ("time", "hour") => new Subject("the hour", new TimeSource(zone, isHour: true), Operators.Equal | Operators.In | Operators.Order | Operators.Between)
            {
                Possible = "a whole number from 0 to 23",
                IsPossible = static (value, _) => IsWhole(value, 23),
            },
            ("device", "type") => Named("the device type", new DeviceSource(DeviceValues.Type), Operators.TextOrExistence, Device.Types),
            ("device", "os") => Named("the operating system", new DeviceSource(DeviceValues.OperatingSystem), Operators.TextOrExistence, Device.OperatingSystems),
            ("device", "browser") => Named("the browser", new DeviceSource(DeviceValues.Browser), Operators.TextOrExistence, Device.Browsers),
            ("geo", "country") => new Subject("the country", new PlaceSource(PlaceValues.Country), Operators.TextOrExistence)
            {
                Possible = "an ISO 3166-1 code of two capital letters, such as IN",
                IsPossible = static (value, comparison) => JsonText.TryRead(value, out var code) && code.Length == 2
                    && code.All(comparison == StringComparison.Ordinal ? char.IsAsciiLetterUpper : char.IsAsciiLetter),
            },
            ("geo", "region") => new Subject("the region", new PlaceSource(PlaceValues.Region), Operators.TextOrExistence),
            ("geo", "city") => new Subject("the city", new PlaceSource(PlaceValues.City), Operators.TextOrExistence),
            ("time", _) => NoSuchName("day, hour"),
            ("device", _) => NoSuchName("type, os, browser"),
            _ => NoSuchName("country, region, city"),
        };

        Subject? NoSuchName(string names)
        {
            Refuse(path + "/name", $"must be one of {names} for the source {source}; it is '{Shortened(name)}'");
            return null;
        }
    }

    /// <summary>A subject whose value is one of a few names.</summary>
    private static Subject Named(string description, LeafSource source, Operators allowed, IReadOnlyList<string> names) => new(description, source, allowed)
    {
        Possible = $"one of {string.Join(", ", names)}",
        IsPossible = (value, comparison) => JsonText.TryRead(value, out var text) && names.Any(name => name.Equals(text, comparison)),
    };

    private static bool IsWhole(JsonElement value, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= 0 && number <= most && double.IsInteger(number);
}
