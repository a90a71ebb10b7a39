using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

public sealed class MissingValueTests
{
    [Theory]
    [InlineData("{{ user.name }}", "user.name")]
    [InlineData("{{ user.null }}", "user.null")]
    [InlineData("{{ user['First name'] }}", "user[\"First name\"]")]
    [InlineData("{{ user.address.street }}", "user.address.street")]
    [InlineData("{{ user.name.first.x }}", "user.name.first.x")]
    [InlineData("{{ user.tags[7] }}", "user.tags[7]")]
    [InlineData("{{ user.empty.first }}", "user.empty.first")]
    [InlineData("{{ request.utm }}", "request.utm")]
    [InlineData("{{ user.name | upcase | append: '!' }}", "user.name")]
    [InlineData("{{ 'Hi ' | append: user.name }}", "user.name")]
    [InlineData("{{ user.name | size }}", "user.name")]
    [InlineData("{{ user.name | default: user.nick }}", "user.nick")]
    [InlineData("{% assign name = user.name %}{{ name }}", "user.name")]
    [InlineData("{% capture text %}{{ user.name }}{% endcapture %}", "user.name")]
    [InlineData("{% for item in user.items %}{{ item.price }}{% endfor %}", "item.price")]
    [InlineData("{% cycle user.name, 'x' %}", "user.name")]
    [InlineData("{{ user.empty | first }}", "the result of 'first'")]
    public void An_output_of_what_is_not_there_is_a_failure(string template, string missing) =>
        Failure(template, """{"null":null,"address":{"city":"Köln"},"tags":["a"],"empty":[],"items":[{"price":1},{}]}""")
            .ShouldBe($"/value: {missing} is missing, and no 'default' filter gives a value for it.");

    [Theory]
    [InlineData("{{ user.name | default: 'there' }}", "there")]
    [InlineData("{{ user.name | upcase | default: 'there' }}", "there")]
    [InlineData("{{ user.blank | default: 'there' }}", "there")]
    [InlineData("{{ user.no | default: true, allow_false: true }}", "false")]
    [InlineData("{% assign name = user.name | default: 'there' %}{{ name }}", "there")]
    [InlineData("{% if user.name %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% if user.name == nil %}nil{% endif %}{% if nil == user.name %}nil{% endif %}", "nilnil")]
    [InlineData("{% if user.name == 'x' or user.name contains 'x' or user.name > 5 or 'x' == user.name %}yes{% else %}no{% endif %}", "no")]
    [InlineData("{% unless user.name %}no{% endunless %}", "no")]
    [InlineData("{% case user.name %}{% when 'x' %}x{% else %}other{% endcase %}", "other")]
    [InlineData("{% for item in user.name %}x{% else %}none{% endfor %}", "none")]
    [InlineData("{% if user.blank == empty %}{% assign text = 'set' %}{% endif %}{{ text }}", "set")]
    [InlineData("{% if user.name %}{% assign text = 'set' %}{% endif %}[{{ text }}]", "[]")]
    [InlineData("[{{ user.blank }}]", "[]")]
    public void A_default_or_a_condition_deals_with_it(string template, string expected) =>
        Text(template, """{"blank":"","no":false}""").ShouldBe(expected);

    [Fact]
    public void Nobody_has_no_customer_id()
    {
        var compiled = Compile(Variable("{{ customer_id }}"));
        ValueOf(Render(compiled, Data(customerId: "c-9")).Json).ShouldBe("\"c-9\"");
        Render(compiled, Data(user: "", customerId: null)).Failure.ShouldBe("/value: customer_id is missing, and no 'default' filter gives a value for it.");
    }

    [Fact]
    public void Attributes_that_are_no_object_are_a_failure() =>
        Failure("{{ user.a }}", "[1]").ShouldBe("/value: the attributes are no JSON object.");
}
