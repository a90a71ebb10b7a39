using System.Text;
using CsCheck;
using Vitrine.Journal.Records;

namespace Vitrine.Tests.Journal;

public sealed class UuidsTests
{
    [Fact]
    public void A_uuid_is_read_as_it_is_written_in_every_form() => Gen.Guid.Sample(static guid =>
    {
        foreach (var text in new[] { guid.ToString("D"), guid.ToString("N"), guid.ToString("D").ToUpperInvariant() })
        {
            Uuids.TryParse(Encoding.ASCII.GetBytes(text), out var uuid).ShouldBeTrue(text);
            uuid.ShouldBe(Uuids.Of(guid));
        }

        Uuids.Format(Uuids.Of(guid)).ShouldBe(guid.ToString("D"));
    });

    [Theory]
    [InlineData("D")]
    [InlineData("N")]
    public void One_wrong_character_anywhere_makes_it_none(string format)
    {
        var text = Encoding.ASCII.GetBytes(new Guid("aa886712-4537-47c1-b126-2686efda2e26").ToString(format));
        for (var place = 0; place < text.Length; place++)
        {
            for (var character = 0; character < 256; character++)
            {
                var changed = (byte[])text.Clone();
                changed[place] = (byte)character;
                var expected = text[place] == '-' ? character == '-' : character < 128 && char.IsAsciiHexDigit((char)character);
                Uuids.TryParse(changed, out _).ShouldBe(expected, $"character {character} at {place}");
            }
        }
    }

    [Fact]
    public void Another_length_is_none()
    {
        var text = Encoding.ASCII.GetBytes(new string('a', 64));
        for (var length = 0; length <= 64; length++)
        {
            Uuids.TryParse(text.AsSpan(0, length), out _).ShouldBe(length == 32);
        }
    }
}
