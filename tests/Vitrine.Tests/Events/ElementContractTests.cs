using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class ElementContractTests(SharedServer shared)
{
    private static readonly string[] Placeholders =
    [
        "unknown", "guest", "null", "0", "1", "2", "-1", "-2", "true", "false", "user_attribute_unique_id", "(empty)", "na",
        "n/a", "dummy_seller_code", "user_id", "id", "customer_id", "uid", "userid", "none", "",
    ];

    public static TheoryData<string> PlaceholdersInEveryCase() => new(Placeholders
        .SelectMany(static text => new[] { text, text.ToUpperInvariant(), Alternate(text) })
        .Distinct());

    [Theory]
    [MemberData(nameof(PlaceholdersInEveryCase))]
    public async Task A_placeholder_is_no_customer(string customer)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(element => element["customer_id"] = customer))).ShouldRefuse("/elements/0/customer_id", "");
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("-2")]
    [InlineData("7")]
    public async Task A_placeholder_written_as_a_number_is_no_customer(string customer) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["customer_id"] = Bodies.Json(customer))))
            .ShouldRefuse("/elements/0/customer_id", "");

    [Theory]
    [InlineData("x")]
    [InlineData("9")]
    [InlineData("é")]
    [InlineData("👍")]
    [InlineData(" ")]
    public async Task One_character_is_no_customer(string customer) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["customer_id"] = customer)))
            .ShouldRefuse("/elements/0/customer_id", "");

    [Theory]
    [InlineData("xy")]
    [InlineData("-3")]
    [InlineData("00")]
    [InlineData("nulls")]
    [InlineData("guest ")]
    [InlineData("ид")]
    [InlineData("n\u0000a")]
    [InlineData("user_attribute_unique_id_")]
    public async Task What_only_resembles_a_placeholder_is_a_customer(string customer)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(element => element["customer_id"] = customer))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["customer_id"]!).ShouldBe(customer);
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("12.50")]
    [InlineData("1e5")]
    [InlineData("123456789012345678901234567890")]
    public async Task A_number_is_taken_as_its_text(string customer)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(element => element["customer_id"] = Bodies.Json(customer)))).ShouldBeAccepted();
        ((string)(await shop.EventAsync())["customer_id"]!).ShouldBe(customer);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[\"ab\"]")]
    public async Task Anything_else_is_no_customer(string customer) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["customer_id"] = Bodies.Json(customer))))
            .ShouldRefuse("/elements/0/customer_id", customer == "null" ? "required" : "must be a string");

    [Fact]
    public async Task A_customer_is_required() =>
        (await shared.OpenShop().PostAsync(Bodies.One(static element => element.Remove("customer_id"))))
            .ShouldRefuse("/elements/0/customer_id", "required");

    [Theory]
    [InlineData('a', 512, true)]
    [InlineData('a', 513, false)]
    [InlineData('é', 256, true)]
    [InlineData('é', 257, false)]
    public async Task A_customer_has_at_most_512_bytes(char character, int count, bool fits)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One(element => element["customer_id"] = new string(character, count)));
        if (fits)
        {
            ((string)(await shop.EventAsync())["customer_id"]!).ShouldBe(new string(character, count));
        }
        else
        {
            answer.ShouldRefuse("/elements/0/customer_id", "512");
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(0, false)]
    [InlineData(101, false)]
    public async Task A_request_has_1_to_100_elements(int count, bool fits)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.Of([.. Enumerable.Range(0, count).Select(static _ => Bodies.Element(Bodies.Action()))]));
        if (fits)
        {
            (await shop.EventsAsync()).Count.ShouldBe(count);
        }
        else
        {
            answer.ShouldRefuse("/elements", $"has {count} items");
            answer.Description.ShouldBe("elements - Validators Failed : Validator: Element, Errored Field: elements");
            await shop.ShouldHaveStoredNothingAsync();
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(100, true)]
    [InlineData(0, false)]
    [InlineData(101, false)]
    public async Task An_element_has_1_to_100_actions(int count, bool fits)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.Of(Bodies.Element([.. Enumerable.Range(0, count).Select(static _ => Bodies.Action())])));
        if (fits)
        {
            (await shop.EventsAsync()).Count.ShouldBe(count);
        }
        else
        {
            answer.ShouldRefuse("/elements/0/actions", $"has {count} items");
            await shop.ShouldHaveStoredNothingAsync();
        }
    }

    [Theory]
    [InlineData("-54000", true)]
    [InlineData("54000", true)]
    [InlineData("0", true)]
    [InlineData("null", true)]
    [InlineData("-54001", false)]
    [InlineData("54001", false)]
    [InlineData("3600.5", false)]
    [InlineData("1e3", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("\"3600\"", false)]
    [InlineData("true", false)]
    [InlineData("[]", false)]
    public async Task A_timezone_offset_is_whole_seconds_within_fifteen_hours(string offset, bool fits)
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One(element => element["user_timezone_offset"] = Bodies.Json(offset)));
        if (fits)
        {
            ((await shop.EventAsync())["user_timezone_offset"]?.ToJsonString() ?? "null").ShouldBe(offset);
        }
        else
        {
            answer.ShouldRefuse("/elements/0/user_timezone_offset", "54000");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"a":"x","b":1.5,"c":true,"d":null,"e":["x",1,false,null],"f":[]}""")]
    public async Task User_attributes_are_scalars_or_arrays_of_those(string attributes) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["user_attributes"] = Bodies.Json(attributes)))).ShouldBeAccepted();

    [Theory]
    [InlineData("[]", "")]
    [InlineData("\"x\"", "")]
    [InlineData("5", "")]
    [InlineData("false", "")]
    [InlineData("""{"a":{}}""", "/a")]
    [InlineData("""{"a":1,"b":[[]]}""", "/b")]
    [InlineData("""{"a":[1,{}]}""", "/a")]
    public async Task Other_user_attributes_are_refused(string attributes, string path) =>
        (await shared.OpenShop().PostAsync(Bodies.One(element => element["user_attributes"] = Bodies.Json(attributes))))
            .ShouldRefuse("/elements/0/user_attributes" + path, "must be");

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task User_attributes_have_at_most_100_keys(int count, bool fits)
    {
        var attributes = new JsonObject(Enumerable.Range(0, count).Select(static index => KeyValuePair.Create($"k{index}", (JsonNode?)index)));
        var answer = await shared.OpenShop().PostAsync(Bodies.One(element => element["user_attributes"] = attributes));
        if (fits)
        {
            answer.ShouldBeAccepted();
        }
        else
        {
            answer.ShouldRefuse("/elements/0/user_attributes", "at most 100");
        }
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    public async Task An_element_is_an_object(string element)
    {
        var body = Bodies.Of(Bodies.Element(Bodies.Action()));
        body["elements"]!.AsArray().Add(Bodies.Json(element));
        (await shared.OpenShop().PostAsync(body)).ShouldRefuse("/elements/1", "must be an object");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"elements\":null}")]
    [InlineData("{\"elements\":{}}")]
    [InlineData("{\"elements\":\"x\"}")]
    [InlineData("{\"Elements\":[]}")]
    public async Task Elements_are_an_array(string body) => (await shared.OpenShop().PostAsync(body)).ShouldRefuse("/elements", "array");

    [Fact]
    public async Task Unknown_fields_are_ignored_everywhere_but_in_attributes()
    {
        var shop = shared.OpenShop();
        var body = Bodies.One(
            static element => element["unknown"] = Bodies.Json("""{"customer_id":"guest","actions":[{}]}"""),
            static action => action["unknown"] = Bodies.Json("""[{"action":5}]"""));
        body["unknown"] = Bodies.Json("""{"elements":[]}""");
        (await shop.PostAsync(body)).ShouldBeAccepted();
        (await shop.EventAsync()).ContainsKey("attributes").ShouldBeFalse();
    }

    private static string Alternate(string text) =>
        string.Concat(text.Select(static (character, index) => index % 2 == 0 ? char.ToUpperInvariant(character) : character));
}
