using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>The last of equal keys wins, and whatever was wrong with the earlier ones does not matter any more.</summary>
public sealed class DuplicateKeyTests(SharedServer shared)
{
    private static readonly string Attributes = Bodies.Attributes().ToJsonString();

    [Theory]
    [InlineData("\"customer_id\":\"guest\"")]
    [InlineData("\"customer_id\":{}")]
    [InlineData("\"customer_\\u0069d\":5.5")]
    [InlineData("\"user_timezone_offset\":\"x\",\"user_timezone_offset\":3600")]
    [InlineData("\"user_attributes\":5,\"user_attributes\":{\"a\":1}")]
    [InlineData("\"user_attributes\":{\"a\":{}},\"user_attributes\":null")]
    [InlineData("\"user_attributes\":{\"a\":{},\"a\":1}")]
    [InlineData("\"actions\":null")]
    [InlineData("\"actions\":[]")]
    [InlineData("\"actions\":[5]")]
    [InlineData("\"actions\":[{\"action\":\"x\"},{}]")]
    public Task In_an_element(string earlier) =>
        ShouldHoldOneAsync($$"""{"elements":[{{{earlier}},{{Element()[1..]}}]}""");

    [Theory]
    [InlineData("\"action\":5")]
    [InlineData("\"moe_event_uuid\":\"x\"")]
    [InlineData("\"event_time\":1795521600000")]
    [InlineData("\"platform\":\"ios\"")]
    [InlineData("\"attributes\":null")]
    [InlineData("\"attributes\":{}")]
    [InlineData("\"attributes\":{\"extra\":1,\"b_id\":\"old\",\"cid\":{}}")]
    [InlineData("\"attri\\u0062utes\":[]")]
    public Task In_an_action(string earlier) =>
        ShouldHoldOneAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{{earlier}},{{Action()[1..]}}]}]}""");

    [Theory]
    [InlineData("\"cid\":null")]
    [InlineData("\"cid\":\"\"")]
    [InlineData("\"audience_name\":[]")]
    [InlineData("\"type\":{},\"type\":\"x\"")]
    [InlineData("\"b_id\":{},\"b_id\":\"x\"")]
    public Task In_attributes(string earlier) =>
        ShouldHoldOneAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{Action("{" + earlier + "," + Attributes[1..])}}]}]}""");

    [Theory]
    [InlineData("\"elements\":null")]
    [InlineData("\"elements\":5")]
    [InlineData("\"elements\":[]")]
    [InlineData("\"elements\":[5,{}]")]
    [InlineData("\"elem\\u0065nts\":[{\"customer_id\":\"guest\",\"actions\":[{}]}]")]
    public Task In_the_body(string earlier) => ShouldHoldOneAsync($$"""{{{earlier}},"elements":[{{Element()}}]}""");

    [Fact]
    public Task Elements_taken_back_leave_no_events_behind() =>
        ShouldHoldOneAsync($$"""{"elements":[{{Element()}},{{Element()}}],"elements":[{{Element()}}]}""");

    [Fact]
    public Task Actions_taken_back_leave_no_events_behind() =>
        ShouldHoldOneAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{Action()}},{{Action()}}],"actions":[{{Action()}}]}]}""");

    [Fact]
    public async Task The_last_value_is_judged_even_if_an_earlier_one_was_good()
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync($$"""{"elements":[{{Element()}}],"elements":5}""")).ShouldRefuse("/elements", "array");
        (await shop.PostAsync($$"""{"elements":[{{Element()[..^1]}},"actions":7}]}""")).ShouldRefuse("/elements/0/actions", "array");
        (await shop.PostAsync($$"""{"elements":[{{Element()[..^1]}},"customer_id":"NA"}]}""")).ShouldRefuse("/elements/0/customer_id", "");
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Fact]
    public async Task Further_attributes_keep_the_last_value()
    {
        var shop = shared.OpenShop();
        var attributes = $$"""{"a":1,"b":2,"\u0061":{"x":1},"a":"last",{{Attributes[1..]}}""";
        (await shop.PostAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{Action(attributes)}}]}]}""")).ShouldBeAccepted();
        (await shop.EventAsync())["attributes"]!.ToJsonString().ShouldBe("""{"b":2,"a":"last"}""");
    }

    [Fact]
    public async Task Repeated_keys_count_once_towards_the_limits()
    {
        var shop = shared.OpenShop();
        var keys = string.Join(',', Enumerable.Range(0, 120).Select(static index => $"\"k{index % 100}\":{index}"));
        (await shop.PostAsync($$"""{"elements":[{"user_attributes":{{{keys}}},{{Element()[1..]}}]}""")).ShouldBeAccepted();
        (await shop.PostAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{Action("{" + keys + "," + Attributes[1..])}}]}]}""")).ShouldBeAccepted();
        (await shop.EventsAsync())[1]["attributes"]!.AsObject().Count.ShouldBe(100);
    }

    [Fact]
    public async Task An_overridden_further_value_cannot_be_wrong()
    {
        var shop = shared.OpenShop();
        var attributes = $$"""{"a":"\ud800","a":"good",{{Attributes[1..]}}""";
        (await shop.PostAsync($$"""{"elements":[{"customer_id":"ab","actions":[{{Action(attributes)}}]}]}""")).ShouldBeAccepted();
    }

    private async Task ShouldHoldOneAsync(string body)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(body)).ShouldBeAccepted();
        var stored = await shop.EventAsync();
        ((string)stored["cid"]!).ShouldBe(Bodies.Cid);
        ((string)stored["platform"]!).ShouldBe("web");
        stored.ContainsKey("attributes").ShouldBeFalse();
        ((long)(await shop.LedgerAsync())["events"]!["received"]!).ShouldBe(1);
    }

    private static string Element() => $$"""{"customer_id":"ab","actions":[{{Action()}}]}""";

    private static string Action(string? attributes = null) =>
        $$"""{"action":"{{Bodies.Shown}}","moe_event_uuid":"{{Guid.NewGuid()}}","event_time":{{Clock.Now}},"platform":"web","attributes":{{attributes ?? Attributes}}}""";
}
