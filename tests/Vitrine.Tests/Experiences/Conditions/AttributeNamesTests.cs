using System.Text;
using CsCheck;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Tests.Experiences.Conditions;

public sealed class AttributeNamesTests
{
    [Fact]
    public void It_numbers_names_as_a_dictionary_does() => Gen.String[0, 12].Array[0, 500].Sample(
        static drawn =>
        {
            var given = Array.ConvertAll(drawn, Sound);
            var names = new AttributeNames();
            var oracle = new Dictionary<string, int>();
            foreach (var name in given)
            {
                oracle.TryAdd(name, oracle.Count);
                names.SlotOf(name).ShouldBe(oracle[name]);
            }

            names.Count.ShouldBe(oracle.Count);
            foreach (var (name, slot) in oracle)
            {
                names.Find(Encoding.UTF8.GetBytes(name)).ShouldBe(slot);
                names.NameOf(slot).ShouldBe(name);
                names.Find(Encoding.UTF8.GetBytes(name + "\u0001other")).ShouldBe(oracle.GetValueOrDefault(name + "\u0001other", -1));
            }
        },
        iter: 200);

    [Fact]
    public void A_slot_that_is_not_there_is_refused()
    {
        var names = new AttributeNames();
        names.SlotOf("plan");
        Should.Throw<ArgumentOutOfRangeException>(() => names.NameOf(1));
        Should.Throw<ArgumentOutOfRangeException>(() => names.NameOf(-1));
    }

    /// <summary>Readers see each name at once where the writer put it, and never lose one that they have seen.</summary>
    [Fact]
    public async Task Readers_beside_a_writer_find_whatever_was_there_before()
    {
        const int count = 20_000;
        var names = new AttributeNames();
        var added = 0;
        var utf8 = Enumerable.Range(0, count).Select(static index => Encoding.UTF8.GetBytes($"attribute {index}")).ToArray();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var wrong = 0;
            for (var seen = 0; seen < count;)
            {
                seen = Volatile.Read(ref added);
                for (var index = Math.Max(0, seen - 40); index < Math.Min(count, seen + 5); index++)
                {
                    var slot = names.Find(utf8[index]);
                    wrong += slot == index || (slot == -1 && index >= seen) ? 0 : 1;
                    wrong += slot < 0 || names.NameOf(slot) == $"attribute {index}" ? 0 : 1;
                }
            }

            return wrong;
        })).ToList();
        for (var index = 0; index < count; index++)
        {
            names.SlotOf($"attribute {index}").ShouldBe(index);
            Volatile.Write(ref added, index + 1);
        }

        (await Task.WhenAll(readers)).ShouldAllBe(static wrong => wrong == 0);
    }

    [Fact]
    public async Task Those_who_add_at_once_get_the_same_slots()
    {
        var names = new AttributeNames();
        var writers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 2000).Select(index => names.SlotOf($"{index}")).ToArray()));
        var slots = await Task.WhenAll(writers);
        names.Count.ShouldBe(2000);
        slots.ShouldAllBe(one => one.SequenceEqual(slots[0]));
    }

    /// <summary>Lone surrogates have no UTF-8 of their own, and conditions cannot name them.</summary>
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
