using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>Conditions that are too deep, too many, too long or too costly are refused, quickly; values that are, are borne.</summary>
public sealed class HostileConditionTests
{
    /// <summary>What is not bounded would take years; what is, milliseconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private const string Leaf = """{"source":"user","name":"x","op":"exists"}""";

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    [InlineData(1000, false)]
    [InlineData(4000, false)]
    public void Ten_levels_are_taken_and_no_more(int groups, bool isGood)
    {
        foreach (var (open, close) in new[] { ("{\"not\":", "}"), ("{\"all\":[", "]}"), ("{\"any\":[", "]}") })
        {
            var errors = new List<ConditionError>();
            var json = string.Concat(Enumerable.Repeat(open, groups)) + Leaf + string.Concat(Enumerable.Repeat(close, groups));
            (new Scene().Compile(json, errors) is not null).ShouldBe(isGood);
            if (!isGood)
            {
                errors.ShouldHaveSingleItem().Reason.ShouldBe("lies deeper than 10 levels");
                errors[0].Path.Split('/').Length.ShouldBe(open.EndsWith('[') ? 21 : 11);
            }
        }
    }

    [Fact]
    public void Deeper_than_JSON_may_be_it_is_no_document() => Should.Throw<JsonException>(
        static () => JsonDocument.Parse(string.Concat(Enumerable.Repeat("{\"not\":", 1000)) + Leaf + new string('}', 1000)));

    [Fact]
    public void Two_hundred_leaves_are_taken_and_no_more()
    {
        var scene = new Scene();
        scene.Compile(Many(200, Leaf)).ShouldNotBeNull();
        scene.Errors(Many(201, Leaf)).ShouldBe([": has more than 200 leaves"]);
        scene.Errors($$"""{"all":[{{Many(150, Leaf)}},{{Many(150, Leaf)}}]}""").ShouldBe([": has more than 200 leaves"]);
    }

    [Theory]
    [InlineData(Leaf)]
    [InlineData("""{"all":[]}""")]
    [InlineData("""{"any":[]}""")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"source":"?","name":"","op":"?","value":1,"also":2}""")]
    public void A_hundred_thousand_parts_are_refused_early(string part)
    {
        var started = Stopwatch.GetTimestamp();
        var errors = new List<ConditionError>();
        new Scene().Compile(Many(100_000, part), errors).ShouldBeNull();
        errors.Count.ShouldBeLessThanOrEqualTo(1001);
        errors[^1].ShouldBe(new ConditionError("", "has more than 200 leaves"));
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Limit);
    }

    [Fact]
    public void A_thousand_values_are_taken_and_no_more()
    {
        var scene = new Scene();
        var values = string.Join(',', Enumerable.Range(0, 1000).Select(static index => index % 2 == 0 ? $"{index}" : $"\"{index}\""));
        var condition = scene.Compile($$"""{"source":"user","name":"x","op":"in","value":[{{values}}]}""");
        condition.Holds(scene.Circumstances("""{"user":{"x":"999"}}""")).ShouldBeTrue();
        condition.Holds(scene.Circumstances("""{"user":{"x":998}}""")).ShouldBeTrue();
        condition.Holds(scene.Circumstances("""{"user":{"x":1000}}""")).ShouldBeFalse();
        scene.Errors($$"""{"source":"user","name":"x","op":"in","value":[{{values}},1]}""").ShouldBe(["/value: must be a list of 1 to 1000 values for in; it has 1001"]);
        scene.Errors($$"""{"source":"user","name":"x","op":"in","value":[{{string.Join(',', Enumerable.Repeat("[]", 1000))}}]}""").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("equals", "")]
    [InlineData("contains", "")]
    [InlineData("starts_with", "")]
    [InlineData("gt", "")]
    [InlineData("in", "/0")]
    public void Texts_of_1024_characters_are_taken_and_no_longer_ones(string op, string at)
    {
        var scene = new Scene();
        var longest = string.Concat(Enumerable.Repeat("😀", 1024));
        var (open, close) = op == "in" ? ("[\"", "\"]") : ("\"", "\"");
        scene.Compile($$"""{"source":"user","name":"x","op":"{{op}}","value":{{open}}{{longest}}{{close}}}""").ShouldNotBeNull();
        scene.Errors($$"""{"source":"user","name":"x","op":"{{op}}","value":{{open}}{{longest}}a{{close}}}""")
            .ShouldBe([$"/value{at}: must have at most 1024 characters; it has 1025"]);
    }

    [Fact]
    public void Names_of_200_characters_are_taken_and_no_longer_ones()
    {
        var scene = new Scene();
        var longest = new string('ü', 200);
        scene.Compile($$"""{"source":"user","name":"{{longest}}","op":"exists"}""").UserAttributes.ShouldBe([longest]);
        scene.Errors($$"""{"source":"user","name":"{{longest}}x","op":"exists"}""").ShouldBe(["/name: must have 1 to 200 characters; it has 201"]);
    }

    [Fact]
    public void Patterns_of_500_characters_are_taken_and_no_longer_ones()
    {
        var scene = new Scene();
        scene.Compile($$"""{"source":"user","name":"x","op":"matches","value":"{{new string('a', 500)}}"}""").ShouldNotBeNull();
        scene.Errors($$"""{"source":"user","name":"x","op":"matches","value":"{{new string('a', 501)}}"}""")
            .ShouldBe(["/value: must have at most 500 characters for matches; it has 501"]);
    }

    [Theory]
    [InlineData("(x{1000}){1000}")]
    [InlineData("(((((x{30}){30}){30}){30}){30}){30}")]
    [InlineData("x{2147483646}")]
    [InlineData("(a|b|c){1,1000}z")]
    public void Patterns_that_multiply_are_refused_quickly(string pattern)
    {
        var started = Stopwatch.GetTimestamp();
        new Scene().Errors($$"""{"source":"user","name":"x","op":"matches","value":"{{pattern}}"}""")
            .ShouldBe(["/value: must be a smaller regular expression: its repetitions multiply to more than 1000 states"]);
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Limit);
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){20}$")]
    [InlineData("([a-zA-Z]+)*$")]
    public void Patterns_that_would_backtrack_forever_are_answered(string pattern)
    {
        var scene = new Scene();
        var condition = scene.Compile($$"""{"source":"user","name":"x","op":"matches","value":"^{{pattern}}"}""");
        var circumstances = scene.Circumstances($$$"""{"user":{"x":"{{{new string('a', 1000)}}}!"}}""");
        var started = Stopwatch.GetTimestamp();
        condition.Holds(circumstances).ShouldBeFalse();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(Limit);
    }

    [Fact]
    public void A_pattern_sees_1024_characters_of_a_text()
    {
        var scene = new Scene();
        var condition = scene.Compile("""{"source":"user","name":"x","op":"matches","value":"gold"}""");
        condition.Holds(scene.Circumstances($$$"""{"user":{"x":"{{{new string('é', 1020)}}}gold"}}""")).ShouldBeTrue();
        condition.Holds(scene.Circumstances($$$"""{"user":{"x":"{{{new string('é', 1021)}}}gold"}}""")).ShouldBeFalse();
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_value()
    {
        var scene = new Scene();
        scene.Errors("""{"source":"user","name":"x","op":"equals","value":"\ud800"}""").ShouldBe(["/value: must be Unicode text; it has half of a surrogate pair"]);
        scene.Errors("""{"source":"user","name":"x","op":"in","value":["a","\udc00"]}""").ShouldBe(["/value/1: must be Unicode text; it has half of a surrogate pair"]);
        scene.Errors("""{"source":"geo","name":"country","op":"equals","value":"\ud800"}""").ShouldBe(["/value: must be Unicode text; it has half of a surrogate pair"]);
        scene.Errors("""{"\ud800":1}""").ShouldBe([": has a member whose name is no Unicode text"]);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_harm_nobody()
    {
        var scene = new Scene();
        var conditions = new[] { "equals \"a\"", "equals \"a\" ignoring case", "contains \"a\"", "contains \"a\" ignoring case", "matches \"a$\"", "in [\"a\",1]", "gt 5", "gt \"a\"", "before 5", "semver_gt \"1\"" }
            .Select(rest => scene.Compile(GoldenConditions.Json("user x " + rest))).ToList();
        var circumstances = scene.Circumstances("""{"user":{}}""");
        foreach (var bytes in new byte[][] { [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [(byte)'a', 0x80, (byte)'a'] })
        {
            circumstances.User.Clear();
            circumstances.User.Read([.. "{\"x\":\""u8, .. bytes, .. "\"}"u8], scene.Scope.User);
            foreach (var condition in conditions)
            {
                condition.Explain(circumstances).Holds.ShouldBe(condition.Holds(circumstances), Encoding.Latin1.GetString(bytes));
            }
        }
    }

    [Fact]
    public void What_an_expression_keeps_of_hostile_texts_is_given_up()
    {
        var scene = new Scene();
        var condition = scene.Compile("""{"source":"user","name":"x","op":"matches","value":"(a|b)*a(a|b){14}c"}""").ShouldNotBeNull();
        var random = new Vitrine.Tests.Support.Seeded(91);
        var circumstances = scene.Circumstances("""{"user":{}}""");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var text = 0; text < 60; text++)
        {
            circumstances.User.Clear();
            circumstances.User.Read(Encoding.UTF8.GetBytes($$"""{"x":"{{string.Concat(Enumerable.Range(0, 1000).Select(_ => random.Pick("a", "b")))}}"}"""), scene.Scope.User);
            condition.Holds(circumstances).ShouldBeFalse();
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(16L << 20);
        GC.KeepAlive(condition);
    }

    private static string Many(int count, string part) => $$"""{"any":[{{string.Join(',', Enumerable.Repeat(part, count))}}]}""";
}
