using System.Buffers;
using System.Text.Json;
using CsCheck;
using Vitrine.Experiences.Templates;
using static Vitrine.Tests.Experiences.Templates.Rendering;

namespace Vitrine.Tests.Experiences.Templates;

/// <summary>Templates that try to eat the server. What each may take is measured in memory, which says the same on any machine.</summary>
public sealed class HostileTemplateTests
{
    /// <summary>The arithmetic of <see cref="TemplateBounds"/> gives 36 MiB.</summary>
    private const long MostBytes = 36 << 20;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Text60K = new('x', 60_000);
    private static readonly string User = JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["text"] = Text60K,
        ["wide"] = new string('字', 20_000),
        ["words"] = string.Concat(Enumerable.Repeat("a ", 30_000)),
        ["list"] = Enumerable.Range(0, 12_000).ToArray(),
        ["objects"] = Enumerable.Range(0, 4_000).Select(static number => new { n = number }).ToArray(),
        ["large"] = new string('y', TemplateBounds.AttributeBytes),
        ["huge"] = 79_000_000_000_000_000_000_000_000_000m,
        ["billion"] = 1_000_000_000,
    }, Readable);

    [Theory]
    [InlineData("{% assign a = 'xxxxxxxx' %}{% for i in (1..100) %}{% assign a = a | append: a %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% assign a = 'xxxxxxxx' %}{% for i in (1..100) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{{ user.text | replace: 'x', user.text }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{% assign a = 'x' %}{% for i in (1..100) %}{% assign a = a | replace: 'x', 'xxxx' %}{% endfor %}", "it makes a text of more than 65,536 characters")]
    [InlineData("{{ user.list | join: user.text }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{{ user.wide | url_encode }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{{ user.wide | append: user.text }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{{ user.text }}{{ user.text }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..user.billion) limit: 1 %}x{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% assign r = (1..100000000) %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9999999999) %}x{% endfor %}", "a range cannot begin or end at 9999999999")]
    [InlineData("{% for i in (1..1000) %}{% for j in (1..1000) %}{% endfor %}{% endfor %}", "it takes more than 10,000 steps")]
    [InlineData("{% for i in (1..100) %}{% for j in (1..100) %}{% for k in (1..100) %}x{% endfor %}{% endfor %}{% endfor %}", "it takes more than 10,000 steps")]
    [InlineData("{% for i in (1..9000) %}{% for j in user.list limit: 1 %}{% endfor %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{% if user.text contains 'y' %}{% endif %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{{ user.text | truncatewords: 1 | size }}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{% capture a %}{% endcapture %}{% assign b = user.list | sort | uniq | reverse %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{% assign a = user.wide | split: '' %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{% assign a = user.objects | map: 'n' | sum %}{% assign b = user.objects | json %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{% for i in (1..9000) %}{% cycle user.text: '', '' %}{% endfor %}", "it takes more than 262,144 units of work")]
    [InlineData("{{ user.huge | times: user.huge | times: user.huge }}", "Value was either too large or too small for a Decimal")]
    [InlineData("{{ user.list[0] | divided_by: 0 }}", "Attempted to divide by zero")]
    [InlineData("{{ now | date: user.text }}{{ now | date: user.wide }}", "it makes a text of more than 65,536 characters")]
    [InlineData("{{ user.large }}", "the attribute 'large' has 65,538 bytes where a template reads at most 65,536")]
    [InlineData("{{ user.text | slice: 99999999999, 1 }}", "Value was either too large or too small for an Int32")]
    public void A_template_that_asks_for_too_much_fails_within_bounded_memory(string template, string failure)
    {
        var compiled = Compile(Variable(template));
        Allocated(() => Render(compiled, Data(User)).Failure.ShouldBe($"/value: {failure}.")).ShouldBeLessThan(MostBytes);
    }

    /// <summary>Conditions make garbage and cost no step of Fluid's.</summary>
    [Fact]
    public void Comparisons_of_nothing_are_work_too()
    {
        var conditions = string.Concat(Enumerable.Repeat("{% if 1==2 or 1==2 or 1==2 or 1==2 or 1==2 %}{% endif %}", 250));
        var compiled = Compile(Variable($"{{% for i in (1..10000) %}}{conditions}{{% endfor %}}"));
        Allocated(() => Render(compiled, Data(User)).Failure.ShouldBe("/value: it takes more than 262,144 units of work.")).ShouldBeLessThan(MostBytes);
    }

    [Fact]
    public void A_date_of_many_long_directives_is_bounded()
    {
        var compiled = Compile(Variable("{{ now | date: user.format }}"));
        var user = $$"""{"format":"{{string.Concat(Enumerable.Repeat("%c", 30_000))}}"}""";
        Allocated(() => Render(compiled, Data(user)).Failure.ShouldBe("/value: it makes a text of more than 65,536 characters.")).ShouldBeLessThan(MostBytes);
    }

    [Fact]
    public void The_leaves_of_one_value_share_its_bounds()
    {
        var leaf = JsonSerializer.Serialize("{% for i in (1..2000) %}{{ i }}{% endfor %}");
        var compiled = Compile($$"""{"data_type":"json","value":[{{string.Join(',', Enumerable.Repeat(leaf, 500))}}]}""");
        Allocated(() => Render(compiled, Data()).Failure.ShouldBe("/value/2: it takes more than 10,000 steps.")).ShouldBeLessThan(MostBytes);

        var texts = Compile($$"""{"data_type":"json","value":[{{string.Join(',', Enumerable.Repeat("\"{{ user.wide }}\"", 500))}}]}""");
        Allocated(() => Render(texts, Data(User)).Failure.ShouldBe("/value/1: the whole value has more than 65,536 bytes.")).ShouldBeLessThan(MostBytes);
    }

    public static TheoryData<string, string> DeepTemplates() => new()
    {
        { Repeat("{% if user.a %}", 10_000, "{% endif %}"), "A value has at most 65,536 bytes as JSON; this one has 260,002." },
        { Repeat("{% if true %}", 600, "{% endif %}"), "Tags and brackets are nested more than 32 deep." },
        { Repeat("{% for i in user.a %}", 400, "{% endfor %}"), "Tags and brackets are nested more than 32 deep." },
        { Repeat("{% case user.a %}{% when 1 %}", 300, "{% endcase %}"), "Tags and brackets are nested more than 32 deep." },
        { Repeat("{% capture a %}", 500, "{% endcapture %}"), "Tags and brackets are nested more than 32 deep." },
        { string.Concat(Enumerable.Repeat("{% unless a %}", 1_100)), "Tags and brackets are nested more than 32 deep." },
        { "{{ " + Repeat("(", 8_000, ")") + " }}", "Tags and brackets are nested more than 32 deep." },
        { "{{ " + new string('(', 16_000) + " }}", "Tags and brackets are nested more than 32 deep." },
        { "{{ user.a" + Repeat("[user.a", 1_900, "]") + " }}", "Tags and brackets are nested more than 32 deep." },
        { "{{ user.a" + string.Concat(Enumerable.Repeat(" | upcase", 1_800)) + " }}", "An expression has at most 64 filters and operators." },
        { "{% if user.a" + string.Concat(Enumerable.Repeat(" or user.a", 1_600)) + " %}{% endif %}", "An expression has at most 64 filters and operators." },
    };

    [Theory]
    [MemberData(nameof(DeepTemplates))]
    public void A_template_that_would_overflow_the_stack_is_refused_within_bounded_memory(string template, string reason) =>
        Allocated(() => Errors(Variable(template), out _)[0].Reason.ShouldBe(reason)).ShouldBeLessThan(MostBytes);

    [Fact]
    public void As_deep_as_may_be_is_rendered_on_a_small_stack()
    {
        const int depth = TemplateBounds.Nesting - 3;
        var output = $"{{{{ user.t{string.Concat(Enumerable.Repeat(" | upcase", 60))} }}}}";
        var template = string.Concat(Enumerable.Repeat("{% for i in user.a %}", depth)) + output + string.Concat(Enumerable.Repeat("{% endfor %}", depth));
        string? text = null;
        var thread = new Thread(() => text = Text(template, """{"a":[1],"t":"x"}"""), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        text.ShouldBe("X");
    }

    [Fact]
    public void Deep_JSON_is_refused_where_it_is_read()
    {
        Failure("{{ user.a }}", $$"""{"a":{{Repeat("[", 40, "]")}}}""").ShouldContain("maximum configured depth of 32");
        Failure("{% for i in (1..40) %}[{% endfor %}1{% for i in (1..40) %}]{% endfor %}", type: "json").ShouldContain("is no JSON of at most 32 levels");
        Error($$"""{"data_type":"json","value":{{Repeat("[", 40, "]")}}}""").Reason.ShouldBe("Objects and arrays are nested more than 32 deep.");
    }

    /// <summary>Whatever is thrown together of Liquid's own words is refused, fails or renders; it never throws and never costs more than is allowed.</summary>
    [Fact]
    public void Any_mixture_of_words_is_refused_fails_or_renders_within_its_bounds()
    {
        string[] words =
        [
            "{{", "}}", "{%", "%}", "{%-", "-%}", " user.text ", " user.list ", " user.objects ", " i ", " a ", " now ", " if ", " else ", " endif ", " for i in ", " endfor ", " assign a = ",
            " capture a ", " endcapture ", " | ", " append: ", " replace: ", " split: ", " join: ", " date: ", " json ", " default: ", " sort ", "(1..9)", "(1..99999)", "'x'", "\"%c\"", " == ", " or ", "[0]", "[", "]", "(", ")", ",", "1", "\n", "text",
        ];
        OneOf(words).List[1, 40].Sample(
            parts => Allocated(() =>
            {
                Errors(Variable(string.Concat(parts)), out var compiled);
                compiled?.TryRender(Data(User), new ArrayBufferWriter<byte>(), out _);
            }).ShouldBeLessThan(MostBytes),
            iter: 1_000,
            threads: 1);
    }

    /// <summary>Sound templates of the costliest constructs in each other: each renders or fails, within its bounds.</summary>
    [Fact]
    public void Any_sound_template_renders_or_fails_within_its_bounds()
    {
        var rendered = 0;
        Statements(3).Sample(
            template => Allocated(() =>
            {
                var compiled = Compile(Variable(template));
                rendered += compiled.TryRender(Data(User), new ArrayBufferWriter<byte>(), out _) ? 1 : 0;
            }).ShouldBeLessThan(MostBytes),
            iter: 1_000,
            threads: 1);
        rendered.ShouldBeInRange(50, 950); // Else it would try only one of the two.
    }

    private static Gen<string> Statements(int depth)
    {
        var value = Gen.Select(OneOf("user.text", "user.wide", "user.words", "user.list", "user.objects", "user.billion", "user.list[3]", "a", "now", "'x, y'", "7", "(1..300)"), Filter.Array[0, 4])
            .Select(static (start, filters) => start + string.Concat(filters));
        var plain = Gen.OneOf(
            Gen.Const("{% assign a = '' %}text"),
            value.Select(static of => $"{{{{ {of} }}}}"),
            value.Select(static of => $"{{% assign a = {of} %}}"));
        if (depth == 0)
        {
            return plain.Array[0, 3].Select(static of => string.Concat(of));
        }

        var inner = Statements(depth - 1);
        var block = Gen.OneOf(
            inner.Select(static of => $"{{% capture a %}}{of}{{% endcapture %}}"),
            inner.Select(static of => $"{{% for i in (1..500) %}}{of}{{% endfor %}}"),
            inner.Select(static of => $"{{% for i in user.list limit: 40 %}}{of}{{{{ i }}}}{{% endfor %}}"),
            Gen.Select(inner, inner).Select(static (yes, no) => $"{{% if user.text contains a %}}{yes}{{% else %}}{no}{{% endif %}}"));
        return Gen.Frequency((2, plain), (3, block)).Array[1, 3].Select(static of => "{% assign a = 'x' %}" + string.Concat(of));
    }

    private static Gen<string> Filter => OneOf(
        " | append: a", " | prepend: a", " | replace: 'x', a", " | split: ''", " | split: ' '", " | join: a", " | json", " | upcase", " | url_encode", " | base64_encode",
        " | newline_to_br", " | escape", " | size", " | first", " | sort", " | uniq", " | reverse", " | map: 'n'", " | where: 'n', 3", " | sum", " | plus: 3", " | times: 9999999999",
        " | date: '%c'", " | truncate: 9", " | truncatewords: 3", " | slice: 1, 99999", " | default: a", " | strip_html", " | compact");

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(place => words[place]);

    private static string Repeat(string opening, int count, string closing) =>
        string.Concat(Enumerable.Repeat(opening, count)) + string.Concat(Enumerable.Repeat(closing, count));

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
