using Vitrine.Dashboard.Layout;

namespace Vitrine.Tests.Dashboard.Layout;

public sealed class WordsTests
{
    [Fact]
    public void Nothing_known_and_nought_look_different()
    {
        Words.Number(null).ShouldBe("–");
        Words.Number(0).ShouldBe("0");
        Words.Percent(null).ShouldBe("–");
        Words.Percent(0).ShouldBe("0.00 %");
    }

    [Theory]
    [InlineData(110, 100, "+10.0 %")]
    [InlineData(90, 100, "−10.0 %")]
    [InlineData(5_000, 1, "> +999 %")]
    [InlineData(1, 0, null)]
    public void A_change_says_its_direction(double now, double before, string? words) => Words.Change(now, before).ShouldBe(words);

    [Fact]
    public void Figures_have_their_thousands_apart_and_money_its_currency()
    {
        Words.Number(1_234_567).ShouldBe("1,234,567");
        Words.Money(1234.5m, "EUR").ShouldBe("1,234.50 EUR");
        Words.Money(1, null).ShouldBe("1.00");
    }
}
