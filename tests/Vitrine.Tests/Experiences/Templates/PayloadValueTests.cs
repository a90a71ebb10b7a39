using System.Text;
using System.Text.Json;
using CsCheck;
using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

public sealed class PayloadValueTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("string", "\"Hello, Zoë\"", "\"Hello, Zoë\"")]
    [InlineData("number", "12", "12")]
    [InlineData("number", "1.2e3", "1200")]
    [InlineData("number", "\"42\"", "42")]
    [InlineData("number", "12.50", "12.50")]
    [InlineData("number", "12.0", "12")]
    [InlineData("float", "12.5", "12.5")]
    [InlineData("float", "\"0.1\"", "0.1")]
    [InlineData("boolean", "true", "true")]
    [InlineData("boolean", "\"False\"", "false")]
    [InlineData("json", "{\"a\":[1,\"é\",null]}", "{\"a\":[1,\"é\",null]}")]
    [InlineData("json", "\"[1, 2]\"", "[1, 2]")]
    [InlineData("json", "null", "null")]
    public void A_value_without_Liquid_is_constant(string type, string value, string expected)
    {
        var compiled = Compile($$"""{"data_type":"{{type}}","value":{{value}}}""");
        compiled.IsConstant.ShouldBeTrue();
        Encoding.UTF8.GetString(compiled.Constant.Span).ShouldBe($$"""{"value":{{expected}},"data_type":"{{type}}"}""");
        Render(compiled, Data()).Json.ShouldBe(Encoding.UTF8.GetString(compiled.Constant.Span));
    }

    [Theory]
    [InlineData("string", "{{ user.n }}", "\"7\"")]
    [InlineData("number", " {{ user.n | times: 2 }} \n", "14")]
    [InlineData("number", "{{ user.n | divided_by: 2.0 }}", "3.5")]
    [InlineData("number", "{{ user.big }}", "12345678901234567890")]
    [InlineData("float", "{{ user.n }}", "7")]
    [InlineData("float", "1e300{% comment %}{% endcomment %}", "1E+300")]
    [InlineData("boolean", "{% if user.n > 5 %}true{% else %}false{% endif %}", "true")]
    [InlineData("boolean", "{{ user.yes }}", "true")]
    [InlineData("json", "[{% for tag in user.tags %}{{ tag | json }}{% unless forloop.last %},{% endunless %}{% endfor %}]", "[\"a\\\"b\",\"c\"]")]
    [InlineData("json", "{{ user.address | json }}", "{\"city\":\"Köln\",\"lines\":[1,null]}")]
    public void A_rendered_value_keeps_its_data_type(string type, string template, string expected) =>
        Value(Variable(template, type), """{"n":7,"big":12345678901234567890,"yes":true,"tags":["a\"b","c"],"address":{"city":"Köln","lines":[1,null]}}""")
            .ShouldBe(expected);

    [Theory]
    [InlineData("number", "{{ user.name }}", "/value: 'Zoë' is no number of up to 28 digits.")]
    [InlineData("float", "{{ user.name }}", "/value: 'Zoë' is no number.")]
    [InlineData("float", "1e999{{ '' }}", "/value: '1e999' is no number.")]
    [InlineData("boolean", "{{ user.name }}", "/value: 'Zoë' is neither true nor false.")]
    [InlineData("json", "{\"a\":{{ user.name }}}", "/value: '{\"a\":Zoë}' is no JSON of at most 32 levels, from line 1, byte 6 on.")]
    [InlineData("json", "{{ user.none | default: '' }}", "/value: '' is no JSON of at most 32 levels, from line 1, byte 1 on.")]
    [InlineData("json", "1 {{ 2 }}", "/value: '1 2' is no JSON of at most 32 levels, from line 1, byte 3 on.")]
    public void An_outcome_that_is_none_of_its_data_type_is_a_failure(string type, string template, string failure) =>
        Failure(template, """{"name":"Zoë"}""", type).ShouldBe(failure);

    [Fact]
    public void The_string_leaves_of_a_json_value_may_hold_Liquid_and_its_names_may_not()
    {
        const string variable = """
            {"data_type":"json","value":{"{{ now }}":[{"title":"Hi {{ user.name }}","n":1},"{{ user.n }}"],"plain":{"x":"y"}}}
            """;
        Value(variable, """{"name":"Zoë \"Z\"","n":7}""")
            .ShouldBe("""{"{{ now }}":[{"title":"Hi Zoë \"Z\"","n":1},"7"],"plain":{"x":"y"}}""");
        Render(Compile(variable), Data("""{"name":"Zoë"}""")).Failure
            .ShouldBe("/value/{{ now }}/1: user.n is missing, and no 'default' filter gives a value for it.");
    }

    [Fact]
    public void A_leaf_has_variables_of_its_own() =>
        Value("""{"data_type":"json","value":["{% assign a = 'x' %}{{ a }}","{% assign b = 1 %}{% if b == 2 %}{% assign a = 'y' %}{% endif %}{{ a }}"]}""")
            .ShouldBe("""["x",""]""");

    [Fact]
    public void It_says_which_attributes_it_reads()
    {
        var compiled = Compile(Variable("""
            {{ user.first_name | default: user["Nick name"] }}{% if request.utm_medium == "mail" %}{{ user.address.city }}{% endif %}
            {% for item in user.items limit: request.count %}{{ item.name | append: customer_id }}{% endfor %}{{ user.size }}
            """));
        compiled.UserAttributes.ShouldBe(["first_name", "Nick name", "address", "items", "size"], ignoreOrder: true);
        compiled.RequestAttributes.ShouldBe(["utm_medium", "count"], ignoreOrder: true);
        compiled.IsConstant.ShouldBeFalse();
        compiled.Constant.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void An_attribute_that_no_template_reads_is_never_converted() =>
        Text("{{ user.a }}", """{"broken":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],"a":1,"a":2}""").ShouldBe("2");

    [Fact]
    public void Any_text_of_an_attribute_arrives_as_it_is() =>
        Gen.String.Sample(static text =>
        {
            var user = JsonSerializer.Serialize(new Dictionary<string, string> { ["a"] = text });
            var arrived = JsonSerializer.Deserialize<Dictionary<string, string>>(user)!["a"]; // What JSON itself makes of lone surrogates.
            if (arrived.Length > 0)
            {
                Text("{{ user.a }}", user).ShouldBe(arrived);
                Value("""{"data_type":"json","value":"[{{ user.a | json }}]"}""", user).ShouldBe(
                    JsonSerializer.Serialize<string[]>([arrived], Readable));
            }
        });

    [Fact]
    public void Threads_may_render_one_value_at_once()
    {
        var compiled = Compile(Variable("{% for i in (1..20) %}{{ user.n | plus: i }} {% endfor %}"));
        Parallel.For(0, 200, number =>
            ValueOf(Render(compiled, Data($$"""{"n":{{number}}}""")).Json)
                .ShouldBe($"\"{string.Concat(Enumerable.Range(1, 20).Select(i => $"{number + i} "))}\""));
    }
}
