using System.Globalization;
using System.Text;
using System.Text.Json;
using Vitrine.Decisions;
using Vitrine.Experiences;

namespace Vitrine.Micro;

/// <summary>500 active experiences of three conditions an audience, and a request for 25 of them.</summary>
internal sealed class DecisionWorld
{
    private const int Experiences = 500;
    private const int Keys = 25;

    private static readonly byte[] Profile = """{"plan":"gold","age":34,"city":"Zurich","country":"CH","member_since":"2021-04-05","tags":["a","b"]}"""u8.ToArray();

    private readonly byte[] _body = Encoding.UTF8.GetBytes($$$$$$"""{"identifiers":{"customer_id":"customer-17"},"experience_key":[{{{{{{string.Join(',', Enumerable.Range(0, Keys).Select(static number => $"\"experience-{number * 19}\""))}}}}}}],"utm_medium":"email","visits":7,"USER_AGENT":"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"}""");
    private readonly EnvironmentDecisions _decisions;

    /// <summary>Compiles the experiences.</summary>
    public DecisionWorld()
    {
        var names = new EnvironmentNames();
        var compiler = new ExperienceCompiler(new DeliveryCounters());
        _decisions = new EnvironmentDecisions(
            names,
            new ControlGroupMembership(Assignment.OfGlobalControlGroup("LOAD"), new ControlGroup(1)),
            [.. Enumerable.Range(0, Experiences).Select(number => Compile(compiler, names, number))]);
    }

    /// <summary>From the bytes of a body to those of the answer, whose length is answered.</summary>
    public int Decide()
    {
        var request = FetchRequest.Rent();
        request.Source.WriteRaw(_body);
        request.Circumstances.Now = 1_800_000_000_000;
        _ = FetchDecoder.Decode(request, _decisions.Names);
        request.Profile.WriteRaw(Profile);
        request.Circumstances.KnowsUser = true;
        request.Circumstances.User.Read(request.Profile.Written, _decisions.Names.User);
        FetchAnswer.Write(request, _decisions, failures: false);
        var length = request.Answer.Length;
        request.Return();
        return length;
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
                 {"source":"user","name":"age","op":"between","value":[18,40]},
                 {"source":"request","name":"utm_medium","op":"starts_with","value":"E","ignore_case":true},
                 {"source":"user","name":"member_since","op":"before","value":"2026-01-01"}]},
               "variations":[{"id":"0","locale_id":"0","name":"A","share":100,"payload":{"title":{"data_type":"string","value":"Title {{{{{{number}}}}}}"}}}]}]}
            """))!;
        var stamp = new Stamp(DateTimeOffset.UnixEpoch, "the benchmark");
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
        var version = ExperienceAuthoring.VersionOf(new StoredExperience("LOAD", 1, experience, null), stamp);
        return compiler.Compile(new StoredExperience("LOAD", 1, experience, version), version, names, counting: true);
    }
}
