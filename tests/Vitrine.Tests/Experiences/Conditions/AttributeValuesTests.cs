using System.Buffers;
using System.Text;
using System.Text.Json;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

public sealed class AttributeValuesTests
{
    private readonly AttributeNames _names = new();
    private readonly AttributeValues _values = new();

    [Fact]
    public void Values_of_all_kinds_are_kept_by_their_slots()
    {
        Name("text", "number", "yes", "no", "nothing", "list", "object", "absent");
        Read("""{"text":"gr\u00fcn","number":-1.50,"yes":true,"no":false,"nothing":null,"list":["a",1,null,[1,[2]],{"x":{}},true],"object":{"text":"no"},"other":1}""");
        Value("text").ShouldBe("Text grün");
        Value("number").ShouldBe("Number -1.50");
        this["number"].Number.ShouldBe(-1.5);
        Value("yes").ShouldBe("Boolean true");
        Value("no").ShouldBe("Boolean false");
        Value("nothing").ShouldBe("Missing ");
        Value("object").ShouldBe("Other ");
        Value("absent").ShouldBe("Missing ");
        _values.ElementsOf(this["list"]).ToArray().Select(Describe).ShouldBe(["Text a", "Number 1", "Missing ", "Other ", "Other ", "Boolean true"]);
        _values.ElementsOf(this["text"]).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_last_of_repeated_names_wins()
    {
        Name("plan", "age");
        Read("""{"plan":"silver","age":1,"plan":["a"],"pl\u0061n":"gold","age":null}""");
        Value("plan").ShouldBe("Text gold");
        Value("age").ShouldBe("Missing ");
    }

    [Fact]
    public void What_is_read_later_adds_to_what_is_there()
    {
        Name("plan", "age");
        Read("""{"plan":"silver","age":1}""");
        Read("""{"plan":"gold"}""");
        Value("plan").ShouldBe("Text gold");
        Value("age").ShouldBe("Number 1");
    }

    [Fact]
    public void Cleared_it_holds_nothing_and_can_be_filled_again()
    {
        Name("plan", "tags");
        Read("""{"plan":"silver","tags":["a"]}""");
        _values.Clear();
        Value("plan").ShouldBe("Missing ");
        Value("tags").ShouldBe("Missing ");
        Read("""{"tags":["b"]}""");
        Value("plan").ShouldBe("Missing ");
        _values.ElementsOf(this["tags"]).ToArray().Select(Describe).ShouldBe(["Text b"]);
    }

    [Fact]
    public void Names_that_came_after_it_was_made_get_room()
    {
        Name("first");
        Read("""{"first":1}""");
        Name([.. Enumerable.Range(0, 500).Select(static index => $"name {index}")]);
        Value("name 499").ShouldBe("Missing ");
        Read("""{"name 499":"late"}""");
        Value("name 499").ShouldBe("Text late");
        Value("name 250").ShouldBe("Missing ");
        Value("first").ShouldBe("Number 1");
    }

    [Fact]
    public void Large_values_make_the_buffers_grow_and_are_not_kept_forever()
    {
        Name("text", "list", "plan");
        var text = new string('ü', 300_000);
        Read($$"""{"plan":"gold","text":"{{text}}","list":[{{string.Join(',', Enumerable.Range(0, 20_000))}}]}""");
        Encoding.UTF8.GetString(_values.TextOf(this["text"])).ShouldBe(text);
        _values.ElementsOf(this["list"]).Length.ShouldBe(20_000);
        Value("plan").ShouldBe("Text gold");
        _values.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read("""{"text":"short"}""");
        Value("text").ShouldBe("Text short");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(10_000);
    }

    [Fact]
    public void Text_that_is_no_Unicode_is_there_but_no_text()
    {
        Name("text", "plan", "\uFFFD");
        Read("""{"text":"\ud800","plan":["\udc00x","ok"],"\ud800":1}""");
        Value("text").ShouldBe("Other ");
        _values.ElementsOf(this["plan"]).ToArray().Select(Describe).ShouldBe(["Other ", "Text ok"]);
        Value("\uFFFD").ShouldBe("Missing ");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"plan\":")]
    [InlineData("{\"plan\":[1")]
    [InlineData("{\"plan\":1")]
    [InlineData("{\"other\":{")]
    [InlineData("nonsense")]
    public void What_is_no_object_is_refused(string json)
    {
        Name("plan");
        Should.Throw<JsonException>(() => Read(json));
    }

    [Fact]
    public void A_reader_over_pieces_of_memory_is_read_alike()
    {
        Name("plan", "age", "t\u00e4g");
        var json = """{"plan":"sil\u0076er and gold","age":123456,"t\u00e4g":["äöü","a"],"x":1}"""u8.ToArray();
        for (var cut = 1; cut < json.Length; cut++)
        {
            _values.Clear();
            var reader = new Utf8JsonReader(Pieces(json, cut));
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var slot = _values.SlotOf(ref reader, _names);
                reader.Read();
                if (slot >= 0)
                {
                    _values.Set(ref reader, slot);
                }
            }

            Value("plan").ShouldBe("Text silver and gold");
            Value("age").ShouldBe("Number 123456");
            _values.ElementsOf(this["t\u00e4g"]).ToArray().Select(Describe).ShouldBe(["Text äöü", "Text a"]);
        }
    }

    private AttributeValue this[string name] => _values[_names.Find(Encoding.UTF8.GetBytes(name))];

    private void Name(params string[] names) => Array.ForEach(names, name => _names.SlotOf(name));

    private void Read(string json) => _values.Read(Encoding.UTF8.GetBytes(json), _names);

    private string Value(string name) => Describe(this[name]);

    private string Describe(AttributeValue value) => $"{value.Kind} {Encoding.UTF8.GetString(_values.TextOf(value))}";

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int cut)
    {
        var first = new Piece(bytes.AsMemory(0, cut), 0);
        var last = new Piece(bytes.AsMemory(cut), cut);
        first.Before(last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long start) => (Memory, RunningIndex) = (memory, start);

        public void Before(Piece next) => Next = next;
    }
}
