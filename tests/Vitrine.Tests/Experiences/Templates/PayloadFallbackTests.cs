using Vitrine.Experiences.Templates;
using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

public sealed class PayloadFallbackTests
{
    [Theory]
    [InlineData("string", """{"use":"text","text":"Hi, you"}""", "\"Hi, you\"")]
    [InlineData("string", """{"use":"empty"}""", "\"\"")]
    [InlineData("number", """{"use":"text","text":"0"}""", "0")]
    [InlineData("number", """{"use":"text","text":5}""", "5")]
    [InlineData("boolean", """{"use":"text","text":"false"}""", "false")]
    [InlineData("json", """{"use":"text","text":"{\"a\":1}"}""", "{\"a\":1}")]
    [InlineData("json", """{"use":"text","text":{"a":1}}""", "{\"a\":1}")]
    [InlineData("json", """{"use":"empty"}""", "null")]
    public void A_fallback_is_delivered_in_place_of_a_failure_and_the_failure_is_told(string type, string fallback, string expected)
    {
        var (delivered, json, failure) = Render(Compile(Variable("{{ user.none }}", type, fallback)), Data());
        delivered.ShouldBeTrue();
        json.ShouldBe($$"""{"value":{{expected}},"data_type":"{{type}}"}""");
        failure.ShouldBe("/value: user.none is missing, and no 'default' filter gives a value for it.");
    }

    [Theory]
    [InlineData("""{"a":"{{ user.none }}"}""", "{}")]
    [InlineData("""["{{ user.none }}"]""", "[]")]
    public void An_empty_json_value_has_the_shape_of_the_one_it_stands_for(string value, string expected) =>
        ValueOf(Render(Compile("""{"data_type":"json","fallback":{"use":"empty"},"value":""" + value + "}"), Data()).Json).ShouldBe(expected);

    [Theory]
    [InlineData("null")]
    [InlineData("""{"use":"do_not_deliver"}""")]
    public void Where_nothing_else_is_said_a_failure_is_not_delivered(string fallback)
    {
        var compiled = Compile(Variable("Hi {{ user.none }}", "string", fallback));
        compiled.Fallback.ShouldBe(PayloadFallback.DoNotDeliver);
        var (delivered, json, failure) = Render(compiled, Data());
        delivered.ShouldBeFalse();
        json.ShouldBeEmpty();
        failure.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("string", """{"use":"later"}""", "/fallback/use", "'use' is text, empty or do_not_deliver.")]
    [InlineData("string", """{"text":"x"}""", "/fallback/use", "'use' is text, empty or do_not_deliver.")]
    [InlineData("string", """{"use":"text"}""", "/fallback/text", "With \"use\": \"text\", 'text' is wanted.")]
    [InlineData("string", """{"use":"empty","text":"x"}""", "/fallback/text", "'text' is only for \"use\": \"text\".")]
    [InlineData("string", "7", "/fallback", "A fallback is an object with 'use'.")]
    [InlineData("number", """{"use":"text","text":"none"}""", "/fallback/text", "'none' is no number of up to 28 digits.")]
    [InlineData("string", """{"use":"text","text":"{{ user.a }}"}""", "/fallback/text", "A fallback is taken as it is and cannot hold Liquid.")]
    [InlineData("json", """{"use":"text","text":["{{ user.a }}"]}""", "/fallback/text", "A fallback is taken as it is and cannot hold Liquid.")]
    [InlineData("number", """{"use":"empty"}""", "/fallback/use", "A number or a boolean has no empty value; use a text, such as 0 or false, or do_not_deliver.")]
    [InlineData("boolean", """{"use":"empty"}""", "/fallback/use", "A number or a boolean has no empty value; use a text, such as 0 or false, or do_not_deliver.")]
    public void A_fallback_that_cannot_be_one_is_refused(string type, string fallback, string path, string reason) =>
        Error(Variable("{{ user.none }}", type, fallback)).ShouldBe(new TemplateError(path, 0, 0, reason));
}
