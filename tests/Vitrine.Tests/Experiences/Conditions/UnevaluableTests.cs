namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>A condition that cannot be evaluated is false and says so.</summary>
public sealed class UnevaluableTests
{
    private const string Missing = "There is no such attribute, or it is null.";
    private const string Unknown = "The visitor is not known: there is no identifier, or no profile.";

    [Theory]
    [InlineData("equals 1")]
    [InlineData("not_equals 1")]
    [InlineData("in [1]")]
    [InlineData("not_in [1]")]
    [InlineData("contains \"a\"")]
    [InlineData("not_contains \"a\"")]
    [InlineData("starts_with \"a\"")]
    [InlineData("ends_with \"a\"")]
    [InlineData("matches \"a\"")]
    [InlineData("gt 1")]
    [InlineData("gte 1")]
    [InlineData("lt 1")]
    [InlineData("lte 1")]
    [InlineData("between [1,2]")]
    [InlineData("before \"2026-01-01\"")]
    [InlineData("after \"2026-01-01\"")]
    [InlineData("within_last_days 1")]
    [InlineData("within_next_days 1")]
    [InlineData("semver_gt \"1\"")]
    [InlineData("semver_gte \"1\"")]
    [InlineData("semver_lt \"1\"")]
    [InlineData("semver_lte \"1\"")]
    [InlineData("semver_equals \"1\"")]
    public void A_missing_attribute_makes_every_operator_so(string operation)
    {
        foreach (var source in new[] { "user", "request", "event" })
        {
            ShouldBe($"{source} x {operation}", """{"user":{"y":1},"request":{"x":null},"event":{}}""", Missing);
        }
    }

    [Theory]
    [InlineData("user x exists", """{"request":{"x":1}}""", Unknown)]
    [InlineData("user x not_exists", """{"request":{"x":1}}""", Unknown)]
    [InlineData("user x equals 1", """{"request":{"x":1}}""", Unknown)]
    [InlineData("behaviour bought not_exists", """{"counts":{"bought":0}}""", Unknown)]
    [InlineData("behaviour bought not_exists", """{"user":{},"counts":{"sold":0}}""", "What the user did cannot be told now.")]
    [InlineData("behaviour bought not_exists", """{"user":{}}""", "What the user did cannot be told now.")]
    [InlineData("user x equals 1", """{"user":{"x":{"y":1}}}""", "The value is neither a text, a number nor a boolean.")]
    [InlineData("user x not_equals 1", """{"user":{"x":[[1]]}}""", "The value is neither a text, a number nor a boolean.")]
    [InlineData("user x not_in [1]", """{"user":{"x":[null]}}""", "The value is neither a text, a number nor a boolean.")]
    [InlineData("user x contains \"1\"", """{"user":{"x":1}}""", "The value is no text.")]
    [InlineData("user x not_contains \"1\"", """{"user":{"x":true}}""", "The value is no text.")]
    [InlineData("user x contains 1", """{"user":{"x":"1"}}""", "The value is no list; only a list can contain a number or a boolean.")]
    [InlineData("user x starts_with \"1\"", """{"user":{"x":12}}""", "The value is no text.")]
    [InlineData("user x matches \"1\"", """{"user":{"x":12}}""", "The value is no text.")]
    [InlineData("user x gt 1", """{"user":{"x":"many"}}""", "The value is no number, nor a text that is one.")]
    [InlineData("user x gt 1", """{"user":{"x":true}}""", "The value is no number, nor a text that is one.")]
    [InlineData("user x gt \"a\"", """{"user":{"x":5}}""", "The value cannot be ordered with this one.")]
    [InlineData("user x gt \"a\"", """{"user":{"x":true}}""", "The value cannot be ordered with this one.")]
    [InlineData("user x between [1,2]", """{"user":{"x":"one"}}""", "The value is no number, nor a text that is one.")]
    [InlineData("user x semver_gt \"1\"", """{"user":{"x":2}}""", "The value is no version such as 1.4.2.")]
    [InlineData("user x semver_gt \"1\"", """{"user":{"x":"1.2.3.4"}}""", "The value is no version such as 1.4.2.")]
    [InlineData("device type not_equals \"Bot\"", "{}", "The request gives no user agent.")]
    [InlineData("device os not_in [\"iOS\"]", """{"agent":"SomeApp/1.0"}""", "The user agent does not say it in a way that is known here.")]
    [InlineData("geo country not_equals \"IN\"", """{"address":"1.2.3.4"}""", "The server has no geography file.")]
    [InlineData("geo country not_exists", """{"address":"1.2.3.4"}""", "The server has no geography file.")]
    public void Other_reasons(string condition, string circumstances, string note) => ShouldBe(condition, circumstances, note);

    [Fact]
    public void A_group_takes_it_for_false_and_so_does_not()
    {
        const string leaf = """{"source":"user","name":"x","op":"equals","value":1}""";
        var scene = new Scene();
        var circumstances = scene.Circumstances("""{"user":{}}""");
        scene.Compile($$"""{"all":[{{leaf}}]}""").Holds(circumstances).ShouldBeFalse();
        scene.Compile($$"""{"any":[{{leaf}}]}""").Holds(circumstances).ShouldBeFalse();
        scene.Compile($$"""{"not":{{leaf}}}""").Holds(circumstances).ShouldBeTrue();
        scene.Compile($$"""{"not":{{leaf}}}""").Explain(circumstances).Not!.Note.ShouldBe(Missing);
    }

    private static void ShouldBe(string condition, string given, string note)
    {
        var scene = new Scene();
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances(given);
        compiled.Holds(circumstances).ShouldBeFalse(condition);
        var explanation = compiled.Explain(circumstances);
        explanation.Holds.ShouldBeFalse(condition);
        explanation.Note.ShouldBe(note, condition);
    }
}
