using System.Text;
using Vitrine.Projection;

namespace Vitrine.Tests.Projection;

public sealed class NumberingTests
{
    [Fact]
    public void A_text_keeps_its_number_and_new_ones_follow()
    {
        var numbering = new Numbering();
        numbering.NumberOf(1, "ada"u8, out var first).ShouldBe(1);
        numbering.NumberOf(1, "grace"u8, out var second).ShouldBe(2);
        numbering.NumberOf(1, "ada"u8, out var again).ShouldBe(1);
        (first, second, again).ShouldBe((true, true, false));
    }

    /// <summary>
    /// A seed enters the hash of a short text by addition: with one seed for each environment, texts that differ in the
    /// right two bits had the same hash in neighbouring environments, for every other key or so.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(24)]
    public void Environments_never_share_a_number(int length)
    {
        var texts = Enumerable.Range(0, 256).Select(number => Text(number, length)).Distinct().Select(Encoding.ASCII.GetBytes).ToList();
        for (var key = 0; key < 200; key++)
        {
            var numbering = new Numbering();
            for (var environment = 1; environment <= 4; environment++)
            {
                foreach (var text in texts)
                {
                    numbering.NumberOf(environment, text, out var isNew);
                    isNew.ShouldBeTrue();
                }
            }
        }
    }

    [Fact]
    public void Numbers_come_back_in_any_order()
    {
        var numbering = new Numbering();
        numbering.Restore(1, "grace"u8, 2);
        numbering.Restore(1, "ada"u8, 1);
        numbering.EndRestoring();
        numbering.NumberOf(1, "grace"u8, out _).ShouldBe(2);
        numbering.NumberOf(1, "barbara"u8, out _).ShouldBe(3);
    }

    [Fact]
    public void A_gap_in_what_is_restored_is_found()
    {
        var numbering = new Numbering();
        numbering.Restore(1, "ada"u8, 1);
        numbering.Restore(1, "grace"u8, 3);
        Should.Throw<InvalidDataException>(numbering.EndRestoring).Message.ShouldContain("gap");
    }

    /// <summary>Digits at both ends that tell texts apart by single bits.</summary>
    private static string Text(int number, int length) =>
        $"{(char)('0' + (number & 15))}{new string('-', length - 2)}{(char)('0' + (number >> 4))}";
}
