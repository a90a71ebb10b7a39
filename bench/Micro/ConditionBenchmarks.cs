using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using NodaTime;
using Vitrine.Experiences.Conditions;
using Vitrine.Experiences.Devices;

namespace Vitrine.Micro;

/// <summary>What conditions cost within a decision: 25 audiences of four leaves each, and what comes before.</summary>
public class ConditionBenchmarks
{
    private static readonly byte[] UserAgent = Encoding.UTF8.GetBytes(
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36");

    private readonly Circumstances _circumstances = new();
    private ConditionScope _scope = null!;
    private Condition[] _audiences = null!;
    private byte[] _user = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _scope = new ConditionScope
        {
            User = new AttributeNames(),
            Request = new AttributeNames(),
            Behaviours = new BehaviourNames(),
            TimeZone = DateTimeZoneProviders.Tzdb["Asia/Kolkata"],
        };
        _audiences = [.. Enumerable.Range(0, 25).Select(Audience)];
        _user = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 25).Select(static index => $"\"plan{index}\":\"gold\",\"orders{index}\":{index}"))}}}");
        Read();
    }

    [Benchmark]
    public void Read()
    {
        _circumstances.Clear();
        _circumstances.KnowsUser = true;
        _circumstances.Now = Bodies.Now;
        _circumstances.User.Read(_user, _scope.User);
        _circumstances.Request.Read("{\"utm_medium\":\"email\"}"u8, _scope.Request);
    }

    [Benchmark]
    public int Hold()
    {
        var count = 0;
        foreach (var audience in _audiences)
        {
            count += audience.Holds(_circumstances) ? 1 : 0;
        }

        return count;
    }

    [Benchmark]
    public DeviceType ReadUserAgent() => Device.Of(UserAgent).Type;

    private Condition Audience(int index)
    {
        using var document = JsonDocument.Parse($$"""
            {"all":[{"source":"user","name":"plan{{index}}","op":"in","value":["silver","gold"]},{"source":"user","name":"orders{{index}}","op":"gte","value":0},
            {"any":[{"source":"request","name":"utm_medium","op":"equals","value":"mail"},{"source":"time","name":"hour","op":"gte","value":0}]}]}
            """);
        var errors = new List<ConditionError>();
        return ConditionCompiler.Compile(document.RootElement, _scope, errors) ?? throw new InvalidOperationException(errors[0].Reason);
    }
}
