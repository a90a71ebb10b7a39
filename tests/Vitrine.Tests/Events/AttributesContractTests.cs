using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class AttributesContractTests(SharedServer shared)
{
    private const string Path = "/elements/0/actions/0/attributes";
    private static readonly string[] Required = ["cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id"];

    public static TheoryData<string> RequiredFields() => new(Required);

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public async Task Six_fields_are_required(string field)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: one => one.Remove(field)))).ShouldRefuse($"{Path}/{field}", "required");
        (await shop.PostAsync(Bodies.One(attributes: one => one[field] = null))).ShouldRefuse($"{Path}/{field}", "required");
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public async Task A_required_field_is_a_string_or_a_number_taken_as_its_text(string field)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: one => one[field] = Bodies.Json("42.0")))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())[field]!).ShouldBe("42.0");
        (await shop.PostAsync(Bodies.One(attributes: one => one[field] = true))).ShouldRefuse($"{Path}/{field}", "must be a string");
        (await shop.PostAsync(Bodies.One(attributes: one => one[field] = new JsonObject()))).ShouldRefuse($"{Path}/{field}", "must be a string");
        (await shop.PostAsync(Bodies.One(attributes: one => one[field] = new JsonArray("a")))).ShouldRefuse($"{Path}/{field}", "must be a string");
    }

    [Theory]
    [InlineData("null", "required")]
    [InlineData("[]", "must be an object")]
    [InlineData("\"x\"", "must be an object")]
    [InlineData("5", "must be an object")]
    public async Task Attributes_are_an_object(string attributes, string reason) =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: one => one["attributes"] = Bodies.Json(attributes)))).ShouldRefuse(Path, reason);

    [Fact]
    public async Task Attributes_are_required() =>
        (await shared.OpenShop().PostAsync(Bodies.One(action: static one => one.Remove("attributes")))).ShouldRefuse(Path, "required");

    [Fact]
    public async Task Further_keys_are_kept_with_their_types()
    {
        const string further = """{"text":"a \"b\" ü 👍","empty":"","number":1.50,"yes":true,"nothing":null,"list":[1,"x"],"object":{"a":{"b":[]}}}""";
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: static one => Merge(one, further)))).ShouldBeAccepted();
        var kept = (await shop.EventAsync())["attributes"]!;
        JsonNode.DeepEquals(kept, JsonNode.Parse(further)).ShouldBeTrue(kept.ToJsonString());
        kept["number"]!.ToJsonString().ShouldBe("1.50");
    }

    [Theory]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    public async Task A_further_value_is_cut_at_512_characters(int length)
    {
        var shop = shared.OpenShop();
        var ascii = new string('x', length);
        var beyond = string.Concat(Enumerable.Repeat("👍", length));
        (await shop.PostAsync(Bodies.One(attributes: one => (one["ascii"], one["beyond"]) = (ascii, beyond)))).ShouldBeAccepted();
        var kept = (await shop.EventAsync())["attributes"]!;
        ((string)kept["ascii"]!).ShouldBe(ascii[..512]);
        ((string)kept["beyond"]!).ShouldBe(beyond[..1024]);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task A_further_name_has_at_most_200_characters(int length, bool fits)
    {
        var shop = shared.OpenShop();
        var name = new string('é', length);
        var answer = await shop.PostAsync(Bodies.One(attributes: one => one[name] = 1));
        if (fits)
        {
            (await shop.EventAsync())["attributes"]!.AsObject().ContainsKey(name).ShouldBeTrue();
        }
        else
        {
            answer.ShouldRefuse($"{Path}/{name[..200]}", "at most 200");
        }
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task There_are_at_most_100_further_keys(int count, bool fits)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One(attributes: one =>
        {
            one["type"] = "Web Personalization";
            one["b_id"] = "not counted";
            for (var index = 0; index < count; index++)
            {
                one[$"k{index}"] = index;
            }
        }));
        if (fits)
        {
            (await shop.EventAsync())["attributes"]!.AsObject().Count.ShouldBe(count);
        }
        else
        {
            answer.ShouldRefuse(Path, "at most 100");
        }
    }

    [Theory]
    [InlineData("\"inside\"", "\"beside\"", "inside")]
    [InlineData("\"inside\"", null, "inside")]
    [InlineData(null, "\"beside\"", "beside")]
    [InlineData("null", "\"beside\"", "beside")]
    [InlineData("7", null, "7")]
    [InlineData(null, "7", "7")]
    [InlineData(null, null, null)]
    public async Task A_click_target_is_inside_or_beside_and_inside_wins(string? inside, string? beside, string? stored)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(action: one =>
        {
            Set(one["attributes"]!.AsObject(), inside);
            Set(one, beside);
        }))).ShouldBeAccepted();
        var kept = await shop.EventAsync();
        ((string?)kept["b_id"]).ShouldBe(stored);
        kept.ContainsKey("attributes").ShouldBeFalse();
    }

    [Fact]
    public async Task A_click_target_is_text()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: static one => one["b_id"] = true))).ShouldRefuse(Path + "/b_id", "must be a string");
        (await shop.PostAsync(Bodies.One(action: static one => one["b_id"] = new JsonArray()))).ShouldRefuse("/elements/0/actions/0/b_id", "must be a string");
    }

    [Theory]
    [InlineData("\"Web Personalization\"", "Web Personalization")]
    [InlineData("\"\"", "")]
    [InlineData("\"something else\"", "something else")]
    [InlineData("null", null)]
    [InlineData("7", "7")]
    [InlineData("true", "true")]
    [InlineData("[\"a\", 1]", "[\"a\",1]")]
    [InlineData("{\"a\":{}}", "{\"a\":{}}")]
    public async Task A_type_is_kept_as_sent(string type, string? stored)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: one => one["type"] = Bodies.Json(type)))).ShouldBeAccepted();
        ((string?)(await shop.EventAsync())["type"]).ShouldBe(stored);
    }

    [Fact]
    public async Task Further_values_on_several_lines_stay_one_line_of_an_export()
    {
        var shop = shared.OpenShop();
        var body = Bodies.One(attributes: static one => one["object"] = "here").ToJsonString()
            .Replace("\"here\"", "{\r\n\t\"a\": [1,\n2],\r\n \"b\": \"x\\ny\" }", StringComparison.Ordinal);
        (await shop.PostAsync(body)).ShouldBeAccepted();
        var kept = (await shop.EventAsync())["attributes"]!["object"]!;
        kept.ToJsonString().ShouldBe("""{"a":[1,2],"b":"x\ny"}""");
    }

    private static void Set(JsonObject target, string? json)
    {
        if (json is not null)
        {
            target["b_id"] = Bodies.Json(json);
        }
    }

    private static void Merge(JsonObject target, string json)
    {
        foreach (var (name, value) in JsonNode.Parse(json)!.AsObject())
        {
            target[name] = value?.DeepClone();
        }
    }
}
