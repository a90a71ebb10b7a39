using System.Text;
using Vitrine.Conversions;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Conversions;

public sealed class AmountTests
{
    [Theory]
    [InlineData("12.5", "12.5")]
    [InlineData("\"12.50\"", "12.50")]
    [InlineData("1e3", "1000")]
    [InlineData("-0.0000004", "0.000000")]
    [InlineData("0.1234567", "0.123457")]
    [InlineData("1000000000000", "1000000000000")]
    [InlineData("1000000000001", null)]
    [InlineData("1e40", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"NaN\"", null)]
    [InlineData("\"1,5\"", null)]
    [InlineData("true", null)]
    [InlineData("null", null)]
    [InlineData("[1]", null)]
    [InlineData("{}", null)]
    public void An_amount_is_a_number_or_a_text_that_is_one(string json, string? expected) =>
        Amount.Read(Values(json, "null"), 0).ShouldBe(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("null", true, "EUR")]
    [InlineData("\"usd\"", true, "USD")]
    [InlineData("\"USD\"", true, "USD")]
    [InlineData("\"dollars\"", false, null)]
    [InlineData("\"€€€\"", false, null)]
    [InlineData("\"\"", false, null)]
    [InlineData("840", false, null)]
    public void A_currency_is_three_letters(string json, bool isKnown, string? currency)
    {
        Amount.TryCurrency(Values("1", json), 1, "EUR", out var found).ShouldBe(isKnown);
        if (isKnown)
        {
            found.ShouldBe(currency);
        }
    }

    private static AttributeValues Values(string amount, string currency)
    {
        var names = new AttributeNames();
        (names.SlotOf("amount"), names.SlotOf("currency")).ShouldBe((0, 1));
        var values = new AttributeValues();
        values.Read(Encoding.UTF8.GetBytes($$"""{"amount":{{amount}},"currency":{{currency}}}"""), names);
        return values;
    }
}
