using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Decisions;
using Vitrine.Experiences;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

/// <summary>What a decision allocates would be paid for by every request.</summary>
/// <remarks>Alone: what is rented is shared with every other test that decides.</remarks>
[Collection(Alone.Name)]
public sealed class DecisionAllocationTests
{
    private const int Experiences = 500;
    private const int Keys = 25;

    [Fact]
    public void A_request_for_25_of_500_experiences_with_three_conditions_each_allocates_nothing()
    {
        var decisions = Decisions();
        var body = Encoding.UTF8.GetBytes($$$$$$"""{"identifiers":{"customer_id":"customer-17"},"experience_key":[{{{{{{string.Join(',', Enumerable.Range(0, Keys).Select(static number => $"\"experience-{number * 19}\""))}}}}}}],"utm_medium":"email","visits":7,"USER_AGENT":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"}""");
        var profile = """{"plan":"gold","age":34,"city":"Zürich","tags":["a","b"]}"""u8.ToArray();
        var delivered = 0;
        for (var round = 0; round < 1_100; round++) // Four times as many as are kept of what is rented, until their queue lies in one piece.
        {
            delivered = Decide(decisions, body, profile);
        }

        delivered.ShouldBeInRange(1, Keys - 1, "some fit and some do not");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
        {
            Decide(decisions, body, profile);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public async Task Where_a_projection_is_kept_what_is_stored_of_a_customer_is_there_at_once_and_allocates_nothing()
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.SetAttributesAsync("ada", """{"plan":"gold","u_em":"ada@shop.example"}""");
        (await shop.PostGoalsAsync("ada", new JsonObject { ["action"] = "Ordered" })).ShouldBeAccepted();
        await server.ProjectedAsync();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"all":[{"source":"user","name":"plan","op":"equals","value":"gold"},{"source":"behaviour","name":"Ordered","op":"gte","value":1,"days":7}]}""");
        await shop.PublishedAsync(document);
        await Eventually.BeTrueAsync(async () => (await shop.FetchAsync("""{"identifiers":{"customer_id":"ada"}}""")).Status == 200);
        var (reading, source, environment) = (server.Service<FetchReading>(), server.Service<DecisionSource>(), server.Catalog.Current.Find(shop.Id)!);
        var bodies = new[] { """{"identifiers":{"customer_id":"ada"},"experience_key":["checkout-banner"]}"""u8.ToArray(), """{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example"}}}"""u8.ToArray() };
        Decide(500).ShouldBe(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Decide(500);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        int Decide(int rounds)
        {
            var delivered = 0;
            for (var index = 0; index < 2 * rounds; index++)
            {
                var request = FetchRequest.Rent();
                var refusal = reading.Read(bodies[index % 2], environment, request);
                var decisions = source.Of(environment.Id);
                decisions.Ask(request);
                var learning = reading.LearnAsync(environment, request);
                if (refusal is not null || !learning.IsCompletedSuccessfully || learning.Result is not null || request.AwaitsCounts)
                {
                    throw new InvalidOperationException();
                }

                FetchAnswer.Write(request, decisions, failures: false);
                delivered += request.Answer.Written.Count("\"payload\""u8);
                request.Return();
            }

            return delivered;
        }
    }

    private static int Decide(EnvironmentDecisions decisions, byte[] body, byte[] profile)
    {
        var request = FetchRequest.Rent();
        request.Source.WriteRaw(body);
        request.Circumstances.Now = 1_800_000_000_000;
        FetchDecoder.Decode(request, decisions.Names).ShouldBeNull();
        request.Profile.WriteRaw(profile);
        request.Circumstances.KnowsUser = true;
        request.Circumstances.User.Read(request.Profile.Written, decisions.Names.User);
        FetchAnswer.Write(request, decisions, failures: false);
        var delivered = request.Answer.Written.Count("\"payload\""u8);
        request.Return();
        return delivered;
    }

    private static EnvironmentDecisions Decisions()
    {
        var names = new EnvironmentNames();
        var compiler = new ExperienceCompiler(new DeliveryCounters());
        return new EnvironmentDecisions(
            names,
            new ControlGroupMembership(Assignment.OfGlobalControlGroup("SHOP"), new ControlGroup(1)),
            [.. Enumerable.Range(0, Experiences).Select(number => Compile(compiler, names, number))]);
    }

    private static CompiledExperience Compile(ExperienceCompiler compiler, EnvironmentNames names, int number)
    {
        var document = JsonSerializer.Deserialize<ExperienceDocument>(string.Create(CultureInfo.InvariantCulture, $$$$$$"""
            {"key":"experience-{{{{{{number}}}}}}","name":"Experience {{{{{{number}}}}}}","time_zone":"Europe/Zurich","control_group":{"percent":2},"audiences":[
              {"id":"1","name":"First","match":{"all":[
                 {"source":"user","name":"plan","op":"in","value":["gold","silver"]},
                 {"source":"request","name":"visits","op":"gte","value":{{{{{{number % 10}}}}}}},
                 {"source":"device","name":"os","op":"equals","value":"iOS"}]},
               "variations":[{"id":"0","locale_id":"0","name":"A","share":50,"payload":{"title":{"data_type":"string","value":"Title {{{{{{number}}}}}}"}}},{"id":"1","locale_id":"0","name":"B","share":50}]},
              {"id":"2","name":"Second","match":{"all":[
                 {"source":"user","name":"age","op":"between","value":[18,30]},
                 {"source":"request","name":"utm_medium","op":"starts_with","value":"E","ignore_case":true},
                 {"source":"user","name":"city","op":"matches","value":"^Z.rich$"}]},
               "variations":[{"id":"0","locale_id":"0","name":"A","share":100}]}]}
            """))!;
        var stamp = new Stamp(DateTimeOffset.UnixEpoch, "somebody");
        var version = new ExperienceVersion
        {
            Number = 1,
            Document = document,
            Allocations = new Dictionary<string, Allocation>
            {
                ["1"] = Allocation.Of([("0", 5_000), ("1", 5_000)], null),
                ["2"] = Allocation.Of([("0", 10_000)], null),
            },
            Published = stamp,
        };
        var experience = new Experience
        {
            Id = number.ToString("x24", CultureInfo.InvariantCulture),
            Draft = document,
            GivenIds = GivenIds.None,
            HasUnpublishedChanges = false,
            LiveVersion = 1,
            Created = stamp,
            Updated = stamp,
        };
        return compiler.Compile(new StoredExperience("SHOP", 1, experience, version), version, names, counting: true);
    }
}
