using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>What is wrong with a condition is said where it is, with what would be right.</summary>
public sealed class ConditionErrorTests
{
    [Theory]
    [InlineData("1", ": must be an object: a group such as {\"all\": [...]} or a leaf with source, name, op and value; it is a number")]
    [InlineData("null", ": must be an object: a group such as {\"all\": [...]} or a leaf with source, name, op and value; it is null")]
    [InlineData("""{"all":{}}""", "/all: must be a list of conditions; it is an object")]
    [InlineData("""{"any":[]}""", "/any: must have at least one condition: an empty 'any' would hold for nobody")]
    [InlineData("""{"all":[],"any":[]}""", ": must have 'all' as its only member")]
    [InlineData("""{"all":[],"all":[]}""", ": has the member 'all' twice")]
    [InlineData("""{"all":[],"comment":"x"}""", ": must have 'all' as its only member")]
    [InlineData("""{"not":[]}""", "/not: must be an object: a group such as {\"all\": [...]} or a leaf with source, name, op and value; it is a list")]
    [InlineData("""{"all":[{"not":{"any":[true]}}]}""", "/all/0/not/any/0: must be an object: a group such as {\"all\": [...]} or a leaf with source, name, op and value; it is a boolean")]
    public void Trees(string condition, string error) => Refused(condition, error);

    [Theory]
    [InlineData("""{"name":"x","op":"exists"}""", "/source: is missing: a leaf has source, name, op and, for most operators, value")]
    [InlineData("""{"source":"user","op":"exists"}""", "/name: is missing: a leaf has source, name, op and, for most operators, value")]
    [InlineData("""{"source":"user","name":"x"}""", "/op: is missing: a leaf has source, name, op and, for most operators, value")]
    [InlineData("""{"source":"user","name":5,"op":"exists"}""", "/name: must be a text; it is a number")]
    [InlineData("""{"source":"user","name":"","op":"exists"}""", "/name: must have 1 to 200 characters; it has 0")]
    [InlineData("""{"source":"user","name":"\ud800","op":"exists"}""", "/name: must be Unicode text; it has half of a surrogate pair")]
    [InlineData("""{"source":"usr","name":"x","op":"exists"}""", "/source: must be one of user, request, event, time, device, geo, behaviour here; it is 'usr'")]
    [InlineData("""{"source":"user","name":"x","op":"equal","value":1}""", "/op: must be one of equals, not_equals, in, not_in, contains, not_contains, starts_with, ends_with, matches, exists, not_exists, gt, gte, lt, lte, between, before, after, within_last_days, within_next_days, semver_gt, semver_gte, semver_lt, semver_lte, semver_equals; 'equal' is none")]
    [InlineData("""{"source":"user","name":"x","op":"exists","valeu":1}""", ": has a member 'valeu', which no such leaf has; members are source, name, op, value, ignore_case")]
    [InlineData("""{"source":"user","name":"x","op":"exists","days":1}""", ": has a member 'days', which no such leaf has; members are source, name, op, value, ignore_case")]
    [InlineData("""{"source":"user","name":"x","op":"exists","\udc00":1}""", ": has a member whose name is no Unicode text")]
    [InlineData("""{"source":"user","name":"x","op":"exists","name":"y"}""", ": has the member 'name' twice")]
    [InlineData("""{"source":"user","name":"x","op":"equals","value":"a","ignore_case":1}""", "/ignore_case: must be true or false; it is a number")]
    [InlineData("""{"source":"user","name":"x","op":"gt","value":1,"ignore_case":true}""", "/ignore_case: goes with equals, not_equals, in, not_in, contains, not_contains, starts_with, ends_with, matches; gt compares no texts")]
    public void Leaves(string condition, string error) => Refused(condition, error);

    [Theory]
    [InlineData("user x exists 1", "/value: must be absent: exists takes none")]
    [InlineData("user x equals", "/value: is missing: equals needs one")]
    [InlineData("user x equals null", "/value: must be a text, a number or a boolean (for what is missing there is not_exists) for equals; it is null")]
    [InlineData("user x not_equals [1]", "/value: must be a text, a number or a boolean (for a list there is in) for not_equals; it is a list")]
    [InlineData("user x equals 1e999", "/value: must be a number of at most 1.7e308")]
    [InlineData("user x in \"a\"", "/value: must be a list of 1 to 1000 values for in; it is 'a'")]
    [InlineData("user x in []", "/value: must be a list of 1 to 1000 values for in; it has 0")]
    [InlineData("user x not_in [1,{}]", "/value/1: must be a text, a number or a boolean for not_in; it is an object")]
    [InlineData("user x contains [1]", "/value: must be a text, a number or a boolean for contains; it is a list")]
    [InlineData("user x contains \"\"", "/value: must not be empty for contains: every text has an empty one in it (for any text there is exists)")]
    [InlineData("user x starts_with 5", "/value: must be a text for starts_with; it is 5")]
    [InlineData("user x ends_with true", "/value: must be a text for ends_with; it is true")]
    [InlineData("user x matches 5", "/value: must be a text for matches; it is 5")]
    [InlineData("user x matches \"a(\"", "/value: must be a regular expression of .NET: InsufficientClosingParentheses at character 2")]
    [InlineData("user x matches \"(?=a)b\"", "/value: must be a regular expression without look-around, backreferences and atomic or conditional groups")]
    [InlineData("user x matches \"(a)\\\\1\"", "/value: must be a regular expression without look-around, backreferences and atomic or conditional groups")]
    [InlineData("user x gt true", "/value: must be a number or a text for gt; it is true")]
    [InlineData("user x lte \"2026-11-24\"", "/value: must be a number or a text that is no date for lte (for dates there are before, after and between); it is '2026-11-24'")]
    [InlineData("user x between 5", "/value: must be a list of two numbers or two dates for between; it is 5")]
    [InlineData("user x between [1,2,3]", "/value: must be a list of two numbers or two dates for between; it is a list")]
    [InlineData("user x between [1,\"2026-11-24\"]", "/value: must be a list of two numbers or two dates for between, not one of each")]
    [InlineData("user x between [\"a\",\"2026-11-24\"]", "/value/0: must be a date for between: a text such as 2026-11-24 or 2026-11-24T18:30:00+05:30, or Unix seconds as a number; it is 'a'")]
    [InlineData("user x between [2,1]", "/value: must begin with the lesser of the two (what goes over midnight is an any of two)")]
    [InlineData("user x between [\"2026-11-25\",\"2026-11-24\"]", "/value: must begin with the lesser of the two (what goes over midnight is an any of two)")]
    [InlineData("user x before \"tomorrow\"", "/value: must be a date for before: a text such as 2026-11-24 or 2026-11-24T18:30:00+05:30, or Unix seconds as a number; it is 'tomorrow'")]
    [InlineData("user x after 1e300", "/value: must be a date for after: a text such as 2026-11-24 or 2026-11-24T18:30:00+05:30, or Unix seconds as a number; it is 1e300")]
    [InlineData("user x within_last_days 0", "/value: must be a whole number of days from 1 to 36500 for within_last_days; it is 0")]
    [InlineData("user x within_next_days 1.5", "/value: must be a whole number of days from 1 to 36500 for within_next_days; it is 1.5")]
    [InlineData("user x semver_gt 2", "/value: must be a version as a text for semver_gt; it is 2")]
    [InlineData("user x semver_gt \"new\"", "/value: must be a version such as 1.4.2 or 2.0.0-beta.1 for semver_gt; it is 'new'")]
    public void Values(string condition, string error) => Refused(condition, error);

    [Theory]
    [InlineData("time week equals 1", "/name: must be one of day, hour for the source time; it is 'week'")]
    [InlineData("time day equals \"tuesday\"", "/value: must be one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday for the day; it is 'tuesday'")]
    [InlineData("time day in [\"Monday\",\"Funday\"]", "/value/1: must be one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday for the day; it is 'Funday'")]
    [InlineData("time day contains \"Mon\"", "/op: must be one of equals, not_equals, in, not_in for the day; it is contains")]
    [InlineData("time hour equals 24", "/value: must be a whole number from 0 to 23 for the hour; it is 24")]
    [InlineData("time hour gte \"09\"", "/value: must be a whole number from 0 to 23 for the hour; it is '09'")]
    [InlineData("time hour between [22,6]", "/value: must begin with the lesser of the two (what goes over midnight is an any of two)")]
    [InlineData("time hour between [\"2026-01-01\",\"2026-01-02\"]", "/value: must be a list of two numbers for between of the hour")]
    [InlineData("device model exists", "/name: must be one of type, os, browser for the source device; it is 'model'")]
    [InlineData("device type equals \"Phone\"", "/value: must be one of Mobile, Tablet, Desktop, TV, Bot for the device type; it is 'Phone'")]
    [InlineData("device os gt \"a\"", "/op: must be one of equals, not_equals, in, not_in, contains, not_contains, starts_with, ends_with, matches, exists, not_exists for the operating system; it is gt")]
    [InlineData("geo county exists", "/name: must be one of country, region, city for the source geo; it is 'county'")]
    [InlineData("geo country equals \"India\"", "/value: must be an ISO 3166-1 code of two capital letters, such as IN for the country; it is 'India'")]
    [InlineData("geo country in [\"IN\",\"us\"]", "/value/1: must be an ISO 3166-1 code of two capital letters, such as IN for the country; it is 'us'")]
    [InlineData("behaviour bought in [1]", "/op: must be one of equals, not_equals, exists, not_exists, gt, gte, lt, lte, between for a count of events; it is in")]
    [InlineData("behaviour bought gt -1", "/value: must be a whole number, 0 or more for a count of events; it is -1")]
    [InlineData("behaviour bought equals 1.5", "/value: must be a whole number, 0 or more for a count of events; it is 1.5")]
    [InlineData("""{"source":"behaviour","name":"bought","op":"exists","days":91}""", "/days: must be a whole number from 1 to 90")]
    [InlineData("""{"source":"behaviour","name":"bought","op":"exists","days":"7"}""", "/days: must be a whole number from 1 to 90")]
    [InlineData("""{"source":"behaviour","name":"bought","op":"exists","experience":""}""", "/experience: must have 1 to 200 characters; it has 0")]
    [InlineData("""{"source":"behaviour","name":"bought","op":"equals","value":1,"ignore_case":true}""", ": has a member 'ignore_case', which no such leaf has; members are source, name, op, value, experience, days")]
    public void Values_of_other_sources(string condition, string error) => Refused(condition, error);

    [Fact]
    public void Each_error_of_a_tree_is_told_in_order() => new Scene().Errors(
        """{"any":[{"source":"user","name":"x","op":"gt","value":null},{"source":"user","name":"x","op":"exists"},{"all":[{"source":"x"}]}]}""").ShouldBe(
        [
            "/any/0/value: must be a number or a text for gt; it is null",
            "/any/2/all/0/name: is missing: a leaf has source, name, op and, for most operators, value",
            "/any/2/all/0/op: is missing: a leaf has source, name, op and, for most operators, value",
            "/any/2/all/0/source: must be one of user, request, event, time, device, geo, behaviour here; it is 'x'",
        ]);

    [Fact]
    public void A_source_that_is_not_allowed_is_refused() => new Scene(sources: ConditionSources.Event).Errors(GoldenConditions.Json("user x exists"))
        .ShouldBe(["/source: must be one of event here; it is 'user'"]);

    [Fact]
    public void An_event_is_no_part_of_an_audience() => new Scene(sources: ConditionSources.Audience).Errors(GoldenConditions.Json("event x exists"))
        .ShouldBe(["/source: must be one of user, request, time, device, geo, behaviour here; it is 'event'"]);

    [Fact]
    public void Errors_go_behind_those_that_are_there_and_do_not_spoil_a_good_condition()
    {
        var errors = new List<ConditionError> { new("/else", "was wrong before") };
        new Scene().Compile(GoldenConditions.Json("user x exists"), errors).ShouldNotBeNull();
        errors.Count.ShouldBe(1);
    }

    [Fact]
    public void A_condition_that_is_refused_leaves_no_names_behind()
    {
        var scene = new Scene();
        scene.Errors("""{"all":[{"source":"user","name":"x","op":"exists"},{"source":"behaviour","name":"x","op":"exists"},{"source":"user","name":"y","op":"?"}]}""");
        scene.Scope.User.Count.ShouldBe(0);
        scene.Scope.Behaviours.Count.ShouldBe(0);
    }

    private static void Refused(string condition, string error) => new Scene().Errors(GoldenConditions.Json(condition)).ShouldBe([error], condition);
}
