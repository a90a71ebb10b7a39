namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>What conditions mean, case by case. Both the answer and the explanation are asked.</summary>
public sealed class GoldenConditionTests
{
    private const bool Holds = true;
    private const bool Fails = false;

    [Theory]
    [InlineData("user plan equals \"gold\"", """{"plan":"gold"}""", Holds)]
    [InlineData("user plan equals \"gold\"", """{"plan":"Gold"}""", Fails)]
    [InlineData("user plan equals \"gold\" ignoring case", """{"plan":"Gold"}""", Holds)]
    [InlineData("user plan equals \"ÅRHUS\" ignoring case", """{"plan":"århus"}""", Holds)]
    [InlineData("user plan equals \"gold\"", """{"plan":"silver","plan":"gold"}""", Holds)]
    [InlineData("user plan equals \"a\\\"b\"", """{"plan":"a\u0022b"}""", Holds)]
    [InlineData("user age equals 5", """{"age":5}""", Holds)]
    [InlineData("user age equals 5", """{"age":5.0}""", Holds)]
    [InlineData("user age equals 5", """{"age":"5"}""", Holds)]
    [InlineData("user age equals 5", """{"age":"5.0"}""", Holds)]
    [InlineData("user age equals 5", """{"age":"05"}""", Fails)]
    [InlineData("user age equals 5", """{"age":" 5"}""", Fails)]
    [InlineData("user age equals \"5\"", """{"age":5.0}""", Holds)]
    [InlineData("user age equals \"5\"", """{"age":"5.0"}""", Fails)]
    [InlineData("user age equals \"five\"", """{"age":5}""", Fails)]
    [InlineData("user age equals 5", """{"age":true}""", Fails)]
    [InlineData("user age equals 0", """{"age":-0.0}""", Holds)]
    [InlineData("user age equals 9007199254740993", """{"age":9007199254740992}""", Holds)]
    [InlineData("user vip equals true", """{"vip":true}""", Holds)]
    [InlineData("user vip equals true", """{"vip":"true"}""", Holds)]
    [InlineData("user vip equals true", """{"vip":"True"}""", Fails)]
    [InlineData("user vip equals true", """{"vip":1}""", Fails)]
    [InlineData("user vip equals \"false\"", """{"vip":false}""", Holds)]
    [InlineData("user plan not_equals \"gold\"", """{"plan":"silver"}""", Holds)]
    [InlineData("user plan not_equals \"gold\"", """{"plan":"gold"}""", Fails)]
    [InlineData("user tags equals \"a\"", """{"tags":["b","a"]}""", Holds)]
    [InlineData("user tags not_equals \"a\"", """{"tags":["b","a"]}""", Fails)]
    [InlineData("user tags not_equals \"a\"", """{"tags":["b","c"]}""", Holds)]
    [InlineData("user tags not_equals \"a\"", """{"tags":[]}""", Holds)]
    public void Equality(string condition, string user, bool expected) => Check(condition, user, expected);

    [Theory]
    [InlineData("user plan in [\"gold\",\"silver\"]", """{"plan":"silver"}""", Holds)]
    [InlineData("user plan in [\"gold\",\"silver\"]", """{"plan":"Silver"}""", Fails)]
    [InlineData("user plan in [\"gold\",\"silver\"] ignoring case", """{"plan":"SILVER"}""", Holds)]
    [InlineData("user plan not_in [\"gold\",\"silver\"]", """{"plan":"bronze"}""", Holds)]
    [InlineData("user age in [4,5]", """{"age":"5.0"}""", Holds)]
    [InlineData("user age in [\"4\",\"5\"]", """{"age":5}""", Holds)]
    [InlineData("user age in [\"4\",\"5\"]", """{"age":"5.0"}""", Fails)]
    [InlineData("user age in [true,5]", """{"age":"true"}""", Holds)]
    [InlineData("user age in [true,5]", """{"age":false}""", Fails)]
    [InlineData("user tags in [\"x\",\"b\"]", """{"tags":["a","b"]}""", Holds)]
    [InlineData("user tags not_in [\"x\",\"b\"]", """{"tags":["a","b"]}""", Fails)]
    [InlineData("user tags not_in [\"x\",\"y\"]", """{"tags":["a","b"]}""", Holds)]
    public void Lists(string condition, string user, bool expected) => Check(condition, user, expected);

    [Theory]
    [InlineData("user city contains \"York\"", """{"city":"New York City"}""", Holds)]
    [InlineData("user city contains \"york\"", """{"city":"New York City"}""", Fails)]
    [InlineData("user city contains \"york\" ignoring case", """{"city":"New York City"}""", Holds)]
    [InlineData("user city not_contains \"York\"", """{"city":"London"}""", Holds)]
    [InlineData("user city starts_with \"New\"", """{"city":"New York"}""", Holds)]
    [InlineData("user city starts_with \"York\"", """{"city":"New York"}""", Fails)]
    [InlineData("user city starts_with \"nEW\" ignoring case", """{"city":"New York"}""", Holds)]
    [InlineData("user city ends_with \"York\"", """{"city":"New York"}""", Holds)]
    [InlineData("user city ends_with \"New\"", """{"city":"New York"}""", Fails)]
    [InlineData("user city ends_with \"YORK\" ignoring case", """{"city":"New York"}""", Holds)]
    [InlineData("user city starts_with \"New\"", """{"city":["Old York","New York"]}""", Holds)]
    [InlineData("user tags contains \"gold\"", """{"tags":["gold","new"]}""", Holds)]
    [InlineData("user tags contains \"gol\"", """{"tags":["gold","new"]}""", Fails)]
    [InlineData("user tags contains \"GOLD\" ignoring case", """{"tags":["gold","new"]}""", Holds)]
    [InlineData("user tags contains 5", """{"tags":["5",6]}""", Holds)]
    [InlineData("user tags contains true", """{"tags":[true]}""", Holds)]
    [InlineData("user tags not_contains \"gold\"", """{"tags":["new"]}""", Holds)]
    [InlineData("user tags not_contains \"gold\"", """{"tags":["gold"]}""", Fails)]
    [InlineData("user mail matches \"@example\\\\.(com|org)$\"", """{"mail":"a@example.org"}""", Holds)]
    [InlineData("user mail matches \"@example\\\\.(com|org)$\"", """{"mail":"a@example.net"}""", Fails)]
    [InlineData("user mail matches \"EXAMPLE\"", """{"mail":"a@example.org"}""", Fails)]
    [InlineData("user mail matches \"EXAMPLE\" ignoring case", """{"mail":"a@example.org"}""", Holds)]
    [InlineData("user mail matches \"^.$\"", """{"mail":"é"}""", Holds)]
    public void Texts(string condition, string user, bool expected) => Check(condition, user, expected);

    [Theory]
    [InlineData("user age exists", """{"age":0}""", Holds)]
    [InlineData("user age exists", """{"age":null}""", Fails)]
    [InlineData("user age exists", """{"age":{"years":4}}""", Holds)]
    [InlineData("user age exists", """{"age":[]}""", Holds)]
    [InlineData("user age exists", "{}", Fails)]
    [InlineData("user age not_exists", "{}", Holds)]
    [InlineData("user age not_exists", """{"age":1,"age":null}""", Holds)]
    [InlineData("user age not_exists", """{"age":""}""", Fails)]
    public void Existence(string condition, string user, bool expected) => Check(condition, user, expected);

    [Theory]
    [InlineData("user age gt 18", """{"age":18.5}""", Holds)]
    [InlineData("user age gt 18", """{"age":18}""", Fails)]
    [InlineData("user age gte 18", """{"age":18}""", Holds)]
    [InlineData("user age gte 18", """{"age":"18"}""", Holds)]
    [InlineData("user age lt 18", """{"age":17}""", Holds)]
    [InlineData("user age lt 18", """{"age":18}""", Fails)]
    [InlineData("user age lte 18", """{"age":18}""", Holds)]
    [InlineData("user age lte 18", """{"age":18.1}""", Fails)]
    [InlineData("user age gt 9", """{"age":"10"}""", Holds)]
    [InlineData("user age gt \"9\"", """{"age":10}""", Holds)]
    [InlineData("user age gt \"9\"", """{"age":"10"}""", Fails)]
    [InlineData("user name lt \"b\"", """{"name":"a"}""", Holds)]
    [InlineData("user age gt 100", """{"age":1e999}""", Holds)]
    [InlineData("user age between [18,30]", """{"age":18}""", Holds)]
    [InlineData("user age between [18,30]", """{"age":"30"}""", Holds)]
    [InlineData("user age between [18,30]", """{"age":30.01}""", Fails)]
    [InlineData("user scores gt 8", """{"scores":[3,9]}""", Holds)]
    [InlineData("user scores gt 8", """{"scores":["many",9]}""", Holds)]
    [InlineData("user scores gt 8", """{"scores":["many",7]}""", Fails)]
    public void Order(string condition, string user, bool expected) => Check(condition, user, expected);

    [Theory]
    [InlineData("user app semver_gte \"2.1\"", """{"app":"2.1.0"}""", Holds)]
    [InlineData("user app semver_gt \"2.1\"", """{"app":"v2.10.0"}""", Holds)]
    [InlineData("user app semver_gt \"2.1\"", """{"app":"2.1.0"}""", Fails)]
    [InlineData("user app semver_lt \"2.0.0\"", """{"app":"2.0.0-rc.1"}""", Holds)]
    [InlineData("user app semver_lt \"2.0.0-rc.2\"", """{"app":"2.0.0-rc.10"}""", Fails)]
    [InlineData("user app semver_lte \"2\"", """{"app":"2.0.0+build.7"}""", Holds)]
    [InlineData("user app semver_equals \"2.0.0\"", """{"app":"2.0.0+build.7"}""", Holds)]
    [InlineData("user app semver_equals \"2.0.0\"", """{"app":"2.0.1"}""", Fails)]
    public void Versions(string condition, string user, bool expected) => Check(condition, user, expected);

    private static void Check(string condition, string user, bool expected)
    {
        var scene = new Scene();
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances();
        circumstances.KnowsUser = true;
        circumstances.User.Read(System.Text.Encoding.UTF8.GetBytes(user), scene.Scope.User);
        compiled.Holds(circumstances).ShouldBe(expected);
        var explanation = compiled.Explain(circumstances);
        explanation.Holds.ShouldBe(expected);
        explanation.Note.ShouldBeNull();
    }
}
