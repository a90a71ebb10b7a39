namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>What conditions on time, device and behaviour mean.</summary>
public sealed class GoldenSurroundingsTests
{
    private const bool Holds = true;
    private const bool Fails = false;
    private const string Pixel = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";

    [Theory] // It is Tuesday, 24 November 2026, 17:30 in Kolkata.
    [InlineData("time day equals \"Tuesday\"", "{}", Holds)]
    [InlineData("time day equals \"tuesday\" ignoring case", "{}", Holds)]
    [InlineData("time day in [\"Saturday\",\"Sunday\"]", "{}", Fails)]
    [InlineData("time day not_in [\"Saturday\",\"Sunday\"]", "{}", Holds)]
    [InlineData("time hour equals 17", "{}", Holds)]
    [InlineData("time hour in [17,18]", "{}", Holds)]
    [InlineData("time hour between [9,16]", "{}", Fails)]
    [InlineData("time hour gte 17", "{}", Holds)]
    [InlineData("time hour lt 17", "{}", Fails)]
    [InlineData("time day equals \"Wednesday\"", """{"now":"2026-11-24T18:30:00Z"}""", Holds)]
    [InlineData("time hour equals 0", """{"now":"2026-11-24T18:30:00Z"}""", Holds)]
    [InlineData("time day equals \"Friday\"", """{"day":"Friday"}""", Holds)]
    [InlineData("time hour equals 17", """{"day":"Friday"}""", Holds)]
    [InlineData("time hour equals 5", """{"hour":0}""", Holds)]
    [InlineData("time hour equals 4", """{"hour":23}""", Holds)]
    [InlineData("time day equals \"Wednesday\"", """{"hour":23}""", Holds)]
    [InlineData("time day equals \"Saturday\"", """{"day":"Friday","hour":20}""", Holds)]
    [InlineData("time hour equals 1", """{"day":"Friday","hour":20}""", Holds)]
    public void Time(string condition, string circumstances, bool expected) => Check(condition, circumstances, expected, "Asia/Kolkata");

    [Theory] // In New York clocks were set back at 06:00 UTC on 1 November 2026, and will be set forward at 07:00 UTC on 14 March 2027.
    [InlineData("time hour equals 1", """{"now":"2026-11-01T05:59:59Z"}""", Holds)]
    [InlineData("time hour equals 1", """{"now":"2026-11-01T06:00:00Z"}""", Holds)]
    [InlineData("time hour equals 2", """{"now":"2026-11-01T07:00:00Z"}""", Holds)]
    [InlineData("time hour equals 1", """{"now":"2027-03-14T06:59:59Z"}""", Holds)]
    [InlineData("time hour equals 3", """{"now":"2027-03-14T07:00:00Z"}""", Holds)]
    public void Hours_at_changes_of_the_clock(string condition, string circumstances, bool expected) => Check(condition, circumstances, expected, "America/New_York");

    [Theory]
    [InlineData("device type equals \"Mobile\"", Holds)]
    [InlineData("device type in [\"Tablet\",\"Desktop\"]", Fails)]
    [InlineData("device os equals \"Android\"", Holds)]
    [InlineData("device os equals \"ANDROID\" ignoring case", Holds)]
    [InlineData("device browser equals \"Chrome\"", Holds)]
    [InlineData("device browser starts_with \"Chr\"", Holds)]
    [InlineData("device browser exists", Holds)]
    [InlineData("device browser not_exists", Fails)]
    public void Device(string condition, bool expected) => Check(condition, $$"""{"agent":"{{Pixel}}"}""", expected, "UTC");

    [Theory]
    [InlineData("behaviour bought exists", 3, Holds)]
    [InlineData("behaviour bought exists", 0, Fails)]
    [InlineData("behaviour bought not_exists", 0, Holds)]
    [InlineData("behaviour bought not_exists", 1, Fails)]
    [InlineData("behaviour bought equals 3", 3, Holds)]
    [InlineData("behaviour bought not_equals 3", 3, Fails)]
    [InlineData("behaviour bought gt 2", 3, Holds)]
    [InlineData("behaviour bought gte 3", 3, Holds)]
    [InlineData("behaviour bought lt 3", 3, Fails)]
    [InlineData("behaviour bought lte 3", 3, Holds)]
    [InlineData("behaviour bought between [1,2]", 3, Fails)]
    public void Behaviour(string condition, int count, bool expected) =>
        Check(condition, $$$"""{"user":{},"counts":{"bought":{{{count}}}}}""", expected, "UTC");

    [Fact]
    public void Behaviour_with_an_experience_and_days_is_a_question_of_its_own()
    {
        var scene = new Scene();
        var shown = scene.Compile("""{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","experience":"hero","days":7,"op":"gte","value":3}""");
        var ever = scene.Compile("""{"source":"behaviour","name":"MOE_PERSONALIZATION_MESSAGE_SHOWN","op":"lt","value":3}""");
        var circumstances = scene.Circumstances(
            """{"user":{},"counts":{"MOE_PERSONALIZATION_MESSAGE_SHOWN/hero/7d":3,"MOE_PERSONALIZATION_MESSAGE_SHOWN":2}}""");
        shown.Holds(circumstances).ShouldBeTrue();
        ever.Holds(circumstances).ShouldBeTrue();
        scene.Scope.Behaviours.Count.ShouldBe(2);
    }

    private static void Check(string condition, string given, bool expected, string zone)
    {
        var scene = new Scene(zone);
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances(given);
        compiled.Holds(circumstances).ShouldBe(expected);
        var explanation = compiled.Explain(circumstances);
        explanation.Holds.ShouldBe(expected);
        explanation.Note.ShouldBeNull();
    }
}
