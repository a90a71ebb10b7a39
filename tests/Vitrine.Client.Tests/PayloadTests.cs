using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Client.Tests;

public sealed class PayloadTests
{
    private static readonly Payload Payload = Payload.From(JsonDocument.Parse("""
        {"title":{"value":"Hello","data_type":"string"},"count":{"value":3,"data_type":"number"},"price":{"value":9.95,"data_type":"float"},
         "is_new":{"value":true,"data_type":"boolean"},"style":{"value":{"Colour":"blue","Sizes":[1,2]},"data_type":"json"},"odd":{"data_type":"string"},"none":{"value":null,"data_type":"string"}}
        """).RootElement);

    [Fact]
    public void Values_have_their_types()
    {
        Payload.GetString("title").ShouldBe("Hello");
        Payload.GetInt64("count").ShouldBe(3);
        Payload.GetDouble("price").ShouldBe(9.95);
        Payload.GetDecimal("price").ShouldBe(9.95m);
        Payload.GetBoolean("is_new").ShouldBe(true);
        Payload.GetDataType("is_new").ShouldBe("boolean");
        Payload.GetJson("style").GetProperty("Sizes").GetArrayLength().ShouldBe(2);
        Payload.GetJson("style", StyleContext.Default.Style).ShouldBe(new Style("blue"));
        Payload.GetJson<Style>("style").ShouldBe(new Style("blue"));
        Payload.Names.Count.ShouldBe(7);
        Payload.Contains("title").ShouldBeTrue();
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("odd")]
    [InlineData("none")]
    [InlineData("style")]
    public void What_is_absent_or_of_another_type_is_null(string name)
    {
        Payload.GetString(name).ShouldBeNull();
        Payload.GetInt64(name).ShouldBeNull();
        Payload.GetDouble(name).ShouldBeNull();
        Payload.GetDecimal(name).ShouldBeNull();
        Payload.GetBoolean(name).ShouldBeNull();
    }

    [Fact]
    public void What_does_not_fit_is_null_too()
    {
        Payload.GetInt64("price").ShouldBeNull();
        Payload.GetString("count").ShouldBeNull();
        Payload.GetBoolean("title").ShouldBeNull();
        Payload.GetJson("title", StyleContext.Default.Style).ShouldBeNull();
        Payload.GetJson("missing").ValueKind.ShouldBe(JsonValueKind.Undefined);
        Payload.GetDataType("missing").ShouldBeNull();
    }

    internal sealed record Style(string Colour);
}

[JsonSerializable(typeof(PayloadTests.Style))]
internal sealed partial class StyleContext : JsonSerializerContext;
