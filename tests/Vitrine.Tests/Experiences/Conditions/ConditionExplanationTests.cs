using System.Text.Json;
using System.Text.Json.Nodes;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

public sealed class ConditionExplanationTests
{
    [Fact]
    public void It_has_the_conditions_shape_and_says_what_was_found()
    {
        var scene = new Scene();
        var condition = scene.Compile("""
            {"all":[
              {"source":"user","name":"plan","op":"in","value":["gold",1.50],"ignore_case":true},
              {"not":{"source":"request","name":"tags","op":"contains","value":"a"}},
              {"any":[
                {"source":"user","name":"gone","op":"not_equals","value":1},
                {"source":"behaviour","name":"bought","experience":"hero","days":7,"op":"exists"}]}]}
            """);
        var circumstances = scene.Circumstances(
            """{"user":{"plan":"GOLD"},"request":{"tags":["b",2.0,null,true,{"deep":1}]},"counts":{"bought/hero/7d":2}}""");
        ShouldBe(condition.Explain(circumstances), """
            {"holds":true,"all":[
              {"holds":true,"source":"user","name":"plan","op":"in","ignore_case":true,"value":["gold",1.50],"actual":"GOLD"},
              {"holds":true,"not":{"holds":false,"source":"request","name":"tags","op":"contains","value":"a","actual":["b",2.0,null,true,{}]}},
              {"holds":true,"any":[
                {"holds":false,"source":"user","name":"gone","op":"not_equals","value":1,"note":"There is no such attribute, or it is null."},
                {"holds":true,"source":"behaviour","name":"bought","experience":"hero","days":7,"op":"exists","actual":2}]}]}
            """);
    }

    [Theory]
    [InlineData("time day equals \"Tuesday\"", "\"Tuesday\"")]
    [InlineData("time hour equals 1", "12")]
    [InlineData("device os equals \"Windows\"", "\"Windows\"")]
    [InlineData("request a equals 1", "12345678901234567890.10")]
    [InlineData("request b equals 1", "\"ü\\\"\\\\\\n\"")]
    [InlineData("request c equals 1", "{}")]
    [InlineData("request d equals 1", "false")]
    [InlineData("request e equals 1", "1E+999")]
    [InlineData("request gone exists", null)]
    public void The_actual_value_is_told_as_it_was_written(string condition, string? actual)
    {
        var scene = new Scene();
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances(
            """{"agent":"Mozilla/5.0 (Windows NT 10.0)","request":{"a":12345678901234567890.10,"b":"ü\"\\\n","c":[],"d":false,"e":1E+999}}""".Replace("\"c\":[]", "\"c\":{\"x\":1}"));
        compiled.Explain(circumstances).Actual?.GetRawText().ShouldBe(actual);
        (compiled.Explain(circumstances).Actual is null).ShouldBe(actual is null);
    }

    [Fact]
    public void It_outlives_the_document_of_its_condition_and_the_circumstances()
    {
        var scene = new Scene();
        var circumstances = scene.Circumstances();
        var condition = scene.Compile("""{"source":"request","name":"x","op":"equals","value":"gold"}""");
        circumstances.Request.Read("{\"x\":\"gold\"}"u8, scene.Scope.Request);
        var explanation = condition.Explain(circumstances);
        circumstances.Clear();
        circumstances.Request.Read("{\"x\":\"ruby\"}"u8, scene.Scope.Request);
        explanation.Actual!.Value.GetString().ShouldBe("gold");
        explanation.Value!.Value.GetString().ShouldBe("gold");
    }

    [Fact]
    public void A_condition_tells_whether_and_what_it_asks_about_the_user()
    {
        var scene = new Scene();
        scene.Compile("""{"all":[]}""").AsksAboutUser.ShouldBeFalse();
        scene.Compile(GoldenConditions.Json("request x exists")).AsksAboutUser.ShouldBeFalse();
        scene.Compile($$"""{"any":[{"not":{{GoldenConditions.Json("device type equals \"TV\"")}}},{{GoldenConditions.Json("time hour equals 1")}}]}""").AsksAboutUser.ShouldBeFalse();
        scene.Compile(GoldenConditions.Json("behaviour bought exists")).AsksAboutUser.ShouldBeTrue();
        var (r, a, b, again) = (GoldenConditions.Json("request r exists"), GoldenConditions.Json("user a exists"), GoldenConditions.Json("user b gt 1"), GoldenConditions.Json("user a gt 1"));
        var condition = scene.Compile($$$"""{"any":[{{{r}}},{"not":{"all":[{{{a}}},{{{b}}}]}},{{{again}}}]}""");
        condition.AsksAboutUser.ShouldBeTrue();
        condition.UserAttributes.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void An_empty_all_holds_for_everybody()
    {
        var scene = new Scene();
        var condition = scene.Compile("""{"all":[]}""");
        condition.Holds(scene.Circumstances()).ShouldBeTrue();
        ShouldBe(condition.Explain(scene.Circumstances()), """{"holds":true,"all":[]}""");
    }

    private static void ShouldBe(ConditionExplanation explanation, string json) =>
        JsonSerializer.Serialize(explanation).ShouldBe(JsonNode.Parse(json)!.ToJsonString());
}
