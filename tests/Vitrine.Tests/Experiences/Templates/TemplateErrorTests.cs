using Vitrine.Experiences.Templates;
using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("a\n{{ user.a", 2, 10, "End of tag '}}' was expected.")]
    [InlineData("{% if user.a %}\nx", 2, 2, "'{% endif %}' was expected.")]
    [InlineData("{% if %}x{% endif %}", 1, 6, "Invalid 'if' tag.")]
    [InlineData("\n{{ }}", 2, 4, "A value was expected.")]
    [InlineData("x {% endif %}", 1, 3, "'{% endif %}' ends or divides nothing.")]
    [InlineData("x {% else %}", 1, 3, "'{% else %}' ends or divides nothing.")]
    [InlineData("a\n\n  {% include 'x' %}", 3, 3, "There is no tag 'include'; there are assign, break, capture, case, comment, continue, cycle, for, if, raw, unless, #.")]
    [InlineData("{% if user.a %}\n{%- render 'x' %}{% endif %}", 2, 1, "There is no tag 'render'; there are assign, break, capture, case, comment, continue, cycle, for, if, raw, unless, #.")]
    [InlineData("{% if user.a %}{% elseif user.b %}{% endif %}", 1, 16, "There is no tag 'elseif'; there are assign, break, capture, case, comment, continue, cycle, for, if, raw, unless, #.")]
    [InlineData("a\n{{ first_name }}", 2, 4, "There is no 'first_name'; there are user, request, customer_id, now and the names that the template itself gives.")]
    [InlineData("{% for i in (1..count) %}{% endfor %}", 1, 1, "There is no 'count'; there are user, request, customer_id, now and the names that the template itself gives.")]
    [InlineData("{{ user }}", 1, 4, "'user' has to name an attribute, such as user.first_name or user[\"First name\"].")]
    [InlineData("{{ request[user.a] }}", 1, 4, "'request[…]' has to name an attribute, such as request.utm_medium.")]
    [InlineData("{{ now.year }}", 1, 4, "'now' is a text and has no members.")]
    [InlineData("{{ user.a\n | upcase\n | append: 'x', 'y' }}", 3, 4, "'append' takes one argument, not 2.")]
    [InlineData("{{ user.a | upcase: 1 }}", 1, 13, "'upcase' takes no argument, not 1.")]
    [InlineData("{{ user.a | date: '%Q' }}", 1, 13, "'%Q' is no directive of a date; there are %a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %L %m %M %n %N %p %P %r %R %s %S %t %T %u %U %v %V %w %W %x %X %y %Y %z %Z %%.")]
    [InlineData("{{ user.a > 5 }}", 1, 4, "A comparison has a value only in 'if', 'elsif' and 'unless'.")]
    [InlineData("{% assign x = user.a and user.b %}", 1, 15, "A comparison has a value only in 'if', 'elsif' and 'unless'.")]
    [InlineData("{% assign user = 1 %}", 1, 1, "'user' is given; take another name.")]
    [InlineData("{% for now in user.a %}{% endfor %}", 1, 1, "'now' is given; take another name.")]
    [InlineData("{% for i in user.a offset: continue %}{% endfor %}", 1, 1, "'offset: continue' is not available; give a number.")]
    [InlineData("{{ ( user.a ) }}", 1, 14, "Parentheses are not allowed in order to group expressions. To enable the feature use the 'AllowParentheses' option.")]
    public void What_is_wrong_in_a_template_is_told_with_its_place(string template, int line, int column, string reason) =>
        Error(Variable(template)).ShouldBe(new TemplateError("/value", line, column, reason));

    [Fact]
    public void An_unknown_filter_is_told_with_all_that_there_are()
    {
        var error = Error(Variable("{{ user.a | upcase | shout | strip }}"));
        (error.Line, error.Column).ShouldBe((1, 22));
        error.Reason.ShouldStartWith("There is no filter 'shout'; there are abs, append, at_least, ");
    }

    [Fact]
    public void All_leaves_of_a_json_value_are_checked_and_named_by_JSON_pointer()
    {
        var errors = Errors("""{"data_type":"json","value":{"a/b":["x","{{ one }}"],"c":"{{ two }} {{ three }}","ok":"{{ user.a }}"}}""", out var compiled);
        compiled.ShouldBeNull();
        errors.Select(static error => (error.Path, error.Column)).ShouldBe([("/value/a~1b/1", 4), ("/value/c", 4), ("/value/c", 14)]);
    }

    [Theory]
    [InlineData("7", "", "A variable is an object with 'data_type' and 'value'.")]
    [InlineData("""{"value":1}""", "/data_type", "'data_type' is string, number, boolean, float or json.")]
    [InlineData("""{"value":1,"data_type":"int"}""", "/data_type", "'data_type' is string, number, boolean, float or json.")]
    [InlineData("""{"data_type":"string"}""", "/value", "'value' is wanted.")]
    [InlineData("""{"data_type":"string","value":5}""", "/value", "A value of the data type 'string' is wanted, as such or as a text.")]
    [InlineData("""{"data_type":"boolean","value":null}""", "/value", "A value of the data type 'boolean' is wanted, as such or as a text.")]
    [InlineData("""{"data_type":"number","value":"x"}""", "/value", "'x' is no number of up to 28 digits.")]
    [InlineData("""{"data_type":"json","value":"x"}""", "/value", "'x' is no JSON of at most 32 levels, from line 1, byte 1 on.")]
    public void A_variable_that_is_none_is_refused(string variable, string path, string reason) =>
        Error(variable).ShouldBe(new TemplateError(path, 0, 0, reason));

    [Fact]
    public void A_template_and_a_value_have_a_greatest_length()
    {
        Error(Variable("{{ user.a }}" + new string('x', TemplateBounds.TemplateCharacters))).Reason
            .ShouldBe("A template has at most 16,384 characters; this one has 16,396.");
        Error(Variable(new string('x', TemplateBounds.OutputBytes))).Reason
            .ShouldBe("A value has at most 65,536 bytes as JSON; this one has 65,538.");
    }
}
