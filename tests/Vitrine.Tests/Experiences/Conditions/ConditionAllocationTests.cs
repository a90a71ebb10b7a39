using System.Text;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Geography;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences.Conditions;

public sealed class ConditionAllocationTests : IDisposable
{
    private static readonly string[] Operations =
    [
        "user text equals \"gold\"", "user text equals \"GOLD\" ignoring case", "user number equals 5", "user list equals \"b\"", "user flag equals true",
        "user text in [\"a\",\"b\",5,true]", "user text in [\"a\",\"b\"] ignoring case", "user number not_in [1,2,\"3\"]", "user list in [1,\"b\"]",
        "user text contains \"ol\"", "user text contains \"OL\" ignoring case", "user list contains \"b\"", "user text starts_with \"go\"",
        "user text ends_with \"LD\" ignoring case", "user text matches \"^g[a-z]+d$\"", "user long matches \"(x|y)+z\"", "user text exists", "user gone not_exists",
        "user number gt 4", "user text gt \"a\"", "user digits lte 7", "user number between [1,9]", "user date before \"2030-01-01\"", "user local after \"2020-01-01\"",
        "user past before \"2030-01-01\"", "user date between [\"2026-01-01\",\"2026-12-31\"]", "user unix within_last_days 30", "user local within_next_days 3",
        "user version semver_gte \"1.2.3-rc.1\"", "request medium equals \"email\"", "event price gt 10", "time day equals \"Tuesday\"", "time hour between [9,17]",
        "device type equals \"Mobile\"", "device os in [\"iOS\",\"Android\"]", "device browser not_equals \"Edge\"", "geo country equals \"IN\"", "geo region equals \"Karnataka\"",
        "geo city starts_with \"Beng\"", "behaviour bought gte 2", "behaviour seen not_exists", "user text semver_gt \"1\"", "user object equals 1", "user text before 5",
    ];

    private const string Given = """
        {"now":"2026-11-24T12:00:00Z","day":"Friday","hour":7,"address":"203.0.113.7","counts":{"bought":2,"seen":1},
        "agent":"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void From_the_attributes_to_the_answers_nothing_is_allocated()
    {
        Surroundings.File().Save(_folder["places.mmdb"]);
        using var places = Places.Open(new GeographyOptions { File = _folder["places.mmdb"] });
        var scene = new Scene("America/New_York", places: places);
        var leaves = Operations.Select(GoldenConditions.Json).ToList();
        var joined = string.Join(',', leaves);
        var conditions = leaves.Append($$$"""{"all":[{"any":[{{{joined}}}]},{"not":{"all":[{{{joined}}}]}}]}""").Select(scene.Compile).ToArray();
        var user = Encoding.UTF8.GetBytes($$"""
            {"text":"g\u006fld","number":5,"flag":true,"list":["a","b",7,null],"long":"{{new string('x', 2000)}}","digits":"7","date":"2026-11-24T10:00:00+05:30",
            "local":"2026-11-24","past":"1971-04-25T02:30","unix":1763990000,"version":"v1.2.3+7","object":{"a":[1]},"unasked":"yes"}
            """);
        var circumstances = new Circumstances();
        scene.Fill(circumstances, Given);
        var (counts, agent, address) = (circumstances.Behaviours, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X)"u8.ToArray(), "203.0.113.7"u8.ToArray());
        var held = 0;
        for (var warmUp = 0; warmUp < 200; warmUp++)
        {
            held += Decide();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            held += Decide();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        held.ShouldBe(1200 * 34, "each decision says the same");

        int Decide()
        {
            circumstances.Clear();
            circumstances.KnowsUser = true;
            circumstances.User.Read(user, scene.Scope.User);
            circumstances.Request.Read("{\"medium\":\"email\"}"u8, scene.Scope.Request);
            circumstances.Event.Read("{\"price\":12.5}"u8, scene.Scope.Event);
            circumstances.Now = Clock.Now * 1000;
            circumstances.Places = places;
            circumstances.Behaviours = counts;
            circumstances.SetUserAgent(agent);
            circumstances.SetAddress(address);
            var count = 0;
            foreach (var condition in conditions)
            {
                count += condition.Holds(circumstances) ? 1 : 0;
            }

            return count;
        }
    }
}
