using CsCheck;
using Vitrine.Journal;

namespace Vitrine.Tests.Journal;

public sealed class RequestIdTests
{
    private const long Positions = 218_340_105_584_896; // 62^8

    [Fact]
    public void An_id_leads_back_to_its_position() => Gen.Long[1, Positions - 1].Sample(
        static position =>
        {
            var id = RequestId.Of(position);
            return id.Length == 8 && id.All(char.IsAsciiLetterOrDigit) && RequestId.TryParse(id, out var back) && back == position;
        },
        iter: 100_000);

    [Fact]
    public void A_position_leads_back_to_its_id() => Gen.Char["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"].Array[8].Sample(
        static characters =>
        {
            var id = new string(characters);
            return id == "00000000" ? !RequestId.TryParse(id, out _) : RequestId.TryParse(id, out var position) && RequestId.Of(position) == id;
        },
        iter: 100_000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(Positions - 1)]
    public void The_ends_are_ids_too(long position)
    {
        RequestId.TryParse(RequestId.Of(position), out var back).ShouldBeTrue();
        back.ShouldBe(position);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234567")]
    [InlineData("123456789")]
    [InlineData("1234567-")]
    [InlineData("1234567é")]
    [InlineData(" 1234567")]
    [InlineData("00000000")]
    public void What_is_no_id_is_none(string text) => RequestId.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Neighbours_do_not_look_like_neighbours() => RequestId.Of(1)[..4].ShouldNotBe(RequestId.Of(2)[..4]);
}
