using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Geography;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>
/// An environment in which conditions are compiled and asked. Circumstances are written as JSON: <c>user</c>,
/// <c>request</c> and <c>event</c> are attributes (no user: nobody known), <c>now</c> is ISO 8601, <c>day</c> and
/// <c>hour</c> are what the request asks to be answered for, <c>agent</c>, <c>address</c>, and <c>counts</c> says by
/// event, or event/experience/days, how often it was.
/// </summary>
internal sealed class Scene
{
    public Scene(string zone = "UTC", ConditionSources sources = ConditionSources.Audience | ConditionSources.Event, Places? places = null)
    {
        Scope = new ConditionScope
        {
            User = new AttributeNames(),
            Request = new AttributeNames(),
            Event = new AttributeNames(),
            Behaviours = new BehaviourNames(),
            TimeZone = DateTimeZoneProviders.Tzdb[zone],
            Sources = sources,
        };
        Places = places;
    }

    public ConditionScope Scope { get; }

    private Places? Places { get; }

    /// <summary>Compiles a condition that is good.</summary>
    public Condition Compile(string json)
    {
        var errors = new List<ConditionError>();
        var condition = Compile(json, errors);
        errors.ShouldBeEmpty(json);
        return condition.ShouldNotBeNull();
    }

    public Condition? Compile(string json, List<ConditionError> errors)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 10_000 });
        return ConditionCompiler.Compile(document.RootElement, Scope, errors);
    }

    /// <summary>What is wrong with a condition, as "pointer: reason".</summary>
    public IReadOnlyList<string> Errors(string json)
    {
        var errors = new List<ConditionError>();
        Compile(json, errors).ShouldBe(null, json);
        return [.. errors.Select(static error => $"{error.Path}: {error.Reason}")];
    }

    public Circumstances Circumstances(string json = "{}")
    {
        var circumstances = new Circumstances();
        Fill(circumstances, json);
        return circumstances;
    }

    /// <summary>Fills circumstances that may have been filled before.</summary>
    public void Fill(Circumstances circumstances, string json)
    {
        circumstances.Clear();
        var given = JsonNode.Parse(json)!.AsObject();
        circumstances.KnowsUser = given["user"] is not null;
        Read(circumstances.User, given["user"], Scope.User);
        Read(circumstances.Request, given["request"], Scope.Request);
        Read(circumstances.Event, given["event"], Scope.Event);
        circumstances.Now = given["now"] is { } now ? DateTimeOffset.Parse((string)now!, null).ToUnixTimeMilliseconds() : Clock.Now * 1000;
        circumstances.RequestDay = given["day"] is { } day ? Enum.Parse<IsoDayOfWeek>((string)day!) : null;
        circumstances.RequestHour = (int?)given["hour"];
        circumstances.SetUserAgent(Encoding.UTF8.GetBytes((string?)given["agent"] ?? ""));
        circumstances.SetAddress(Encoding.UTF8.GetBytes((string?)given["address"] ?? ""));
        circumstances.Places = Places;
        circumstances.Behaviours = given["counts"] is { } counts ? new WrittenCounts(Scope.Behaviours, counts.AsObject()) : null;
    }

    private static void Read(AttributeValues values, JsonNode? attributes, AttributeNames names)
    {
        if (attributes is not null)
        {
            values.Read(Encoding.UTF8.GetBytes(attributes.ToJsonString()), names);
        }
    }

    private sealed class WrittenCounts(BehaviourNames names, JsonObject counts) : BehaviourCounts
    {
        private readonly Dictionary<int, long> _known = names.All.Index()
            .ToDictionary(static entry => entry.Index, entry => (long?)counts[KeyOf(entry.Item)] ?? -1);

        public override long Count(int slot) => _known.GetValueOrDefault(slot, -1);

        private static string KeyOf(Behaviour behaviour) =>
            string.Join('/', new[] { behaviour.Event, behaviour.Experience, behaviour.Days is { } days ? $"{days}d" : null }.OfType<string>());
    }
}
