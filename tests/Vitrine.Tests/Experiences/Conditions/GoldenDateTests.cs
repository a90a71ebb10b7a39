namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>What conditions on dates mean, where it is 24 November 2026, 17:30 in Kolkata (UTC+05:30).</summary>
public sealed class GoldenDateTests
{
    private const bool Holds = true;
    private const bool Fails = false;

    [Theory]
    [InlineData("user at before \"2026-11-24\"", "\"2026-11-23T23:59:59\"", Holds)]
    [InlineData("user at before \"2026-11-24\"", "\"2026-11-24\"", Fails)]
    [InlineData("user at before \"2026-11-24\"", "\"2026-11-23T18:29:59Z\"", Holds)]
    [InlineData("user at before \"2026-11-24\"", "\"2026-11-23T18:30:00Z\"", Fails)]
    [InlineData("user at before \"2026-11-24T10:00\"", "\"2026-11-24 09:59\"", Holds)]
    [InlineData("user at before \"2026-11-24T10:00\"", "\"2026-11-24T10:00\"", Fails)]
    [InlineData("user at before 1764000000", "1763999999", Holds)]
    [InlineData("user at before 1764000000", "1763999999999", Holds)]
    [InlineData("user at before 1764000000", "1764000000", Fails)]
    [InlineData("user at before 1764000000000", "1764000000", Fails)]
    [InlineData("user at before \"2000-01-01\"", "-1", Holds)]
    public void Before(string condition, string at, bool expected) => Check(condition, at, expected);

    [Theory]
    [InlineData("user at after \"2026-11-24\"", "\"2026-11-24T23:59:59.999\"", Fails)]
    [InlineData("user at after \"2026-11-24\"", "\"2026-11-25\"", Holds)]
    [InlineData("user at after \"2026-11-24T10:00:00.5+05:30\"", "\"2026-11-24T04:30:00.501Z\"", Holds)]
    [InlineData("user at after \"2026-11-24T10:00:00.5+05:30\"", "\"2026-11-24T04:30:00.500Z\"", Fails)]
    [InlineData("user at after \"2026-11-24T10:00:00+0530\"", "\"2026-11-24T10:00:01\"", Holds)]
    public void After(string condition, string at, bool expected) => Check(condition, at, expected);

    [Theory]
    [InlineData("user at between [\"2026-11-01\",\"2026-11-24\"]", "\"2026-11-01\"", Holds)]
    [InlineData("user at between [\"2026-11-01\",\"2026-11-24\"]", "\"2026-11-24T23:59:59\"", Holds)]
    [InlineData("user at between [\"2026-11-01\",\"2026-11-24\"]", "\"2026-11-25T00:00\"", Fails)]
    [InlineData("user at between [\"2026-11-01\",\"2026-11-24\"]", "\"2026-10-31T23:59:59\"", Fails)]
    [InlineData("user at between [\"2026-11-24\",\"2026-11-24\"]", "\"2026-11-24T12:00\"", Holds)]
    [InlineData("user at between [\"2026-11-24T10:00\",\"2026-11-24T11:00\"]", "\"2026-11-24T11:00\"", Holds)]
    public void Between(string condition, string at, bool expected) => Check(condition, at, expected);

    [Theory]
    [InlineData("user at within_last_days 1", "\"2026-11-23T12:00:00Z\"", Holds)]
    [InlineData("user at within_last_days 1", "\"2026-11-23T11:59:59Z\"", Fails)]
    [InlineData("user at within_last_days 1", "\"2026-11-24T12:00:00Z\"", Holds)]
    [InlineData("user at within_last_days 1", "\"2026-11-24T12:00:00.001Z\"", Fails)]
    [InlineData("user at within_last_days 7", "\"2026-11-18\"", Holds)]
    [InlineData("user at within_last_days 7", "\"2026-11-17\"", Fails)]
    [InlineData("user at within_next_days 2", "\"2026-11-26T12:00:00Z\"", Holds)]
    [InlineData("user at within_next_days 2", "\"2026-11-26T12:00:01Z\"", Fails)]
    [InlineData("user at within_next_days 2", "\"2026-11-24T12:00:00Z\"", Holds)]
    [InlineData("user at within_next_days 2", "\"2026-11-24T11:59:59Z\"", Fails)]
    public void Around_the_present(string condition, string at, bool expected) => Check(condition, at, expected);

    [Theory]
    [InlineData("\"2026-02-29\"")]
    [InlineData("\"2026-13-01\"")]
    [InlineData("\"2026-1-1\"")]
    [InlineData("\"20261124\"")]
    [InlineData("\"2026-11-24T24:00\"")]
    [InlineData("\"2026-11-24T10:60\"")]
    [InlineData("\"2026-11-24T10:00:60\"")]
    [InlineData("\"2026-11-24T10:00:00.\"")]
    [InlineData("\"2026-11-24T10:00:00.1234567890\"")]
    [InlineData("\"2026-11-24T10:00:00+5\"")]
    [InlineData("\"2026-11-24T10:00:00+05:60\"")]
    [InlineData("\"2026-11-24T10:00:00+19:00\"")]
    [InlineData("\"2026-11-24T10:00:00Z \"")]
    [InlineData("\"2026-11-24T\"")]
    [InlineData("\"2026-11-24Z\"")]
    [InlineData("\"0000-01-01\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"1764000000\"")]
    [InlineData("\"\"")]
    [InlineData("1e300")]
    [InlineData("-1e12")]
    [InlineData("true")]
    public void What_is_no_date_cannot_be_evaluated(string at)
    {
        var (holds, note) = Ask("user at after \"1800-01-01\"", at);
        holds.ShouldBeFalse();
        note.ShouldBe("The value is no date: ISO 8601 as a text, or Unix seconds as a number.");
    }

    private static void Check(string condition, string at, bool expected)
    {
        var (holds, note) = Ask(condition, at);
        note.ShouldBeNull();
        holds.ShouldBe(expected);
    }

    private static (bool Holds, string? Note) Ask(string condition, string at)
    {
        var scene = new Scene("Asia/Kolkata");
        var compiled = scene.Compile(GoldenConditions.Json(condition));
        var circumstances = scene.Circumstances($$$"""{"now":"2026-11-24T12:00:00Z","user":{"at":{{{at}}}}}""");
        var explanation = compiled.Explain(circumstances);
        explanation.Holds.ShouldBe(compiled.Holds(circumstances));
        return (explanation.Holds, explanation.Note);
    }
}
