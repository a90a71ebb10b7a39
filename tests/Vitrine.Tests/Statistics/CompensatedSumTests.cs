using Vitrine.Statistics;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Statistics;

public sealed class CompensatedSumTests
{
    [Fact]
    public void What_is_too_small_for_the_sum_so_far_is_not_lost()
    {
        Of([1e16, 1, 1, -1e16]).Value.ShouldBe(2);
        Of([1, 1e100, 1, -1e100]).Value.ShouldBe(2);
    }

    [Fact]
    public void The_order_of_the_numbers_does_not_show()
    {
        var random = new Seeded(81);
        var numbers = Enumerable.Range(0, 100_000).Select(_ => random.Next(1_000_000) * Math.Pow(10, random.Next(12) - 6)).ToArray();
        var sum = Of(numbers).Value;
        sum.ShouldBe((double)numbers.Sum(static number => (decimal)number), 1);
        for (var order = 0; order < 5; order++)
        {
            Of([.. numbers.OrderBy(_ => random.Next64())]).Value.ShouldBe(sum);
        }

        numbers.Sum().ShouldNotBe(numbers.Order().Sum(), "added plainly, it does show");
    }

    [Fact]
    public void Parts_add_up_to_the_whole()
    {
        double[] numbers = [0.1, 1e15, -3.7, 1e-9, 12.25];
        var whole = Of(numbers[..2]);
        whole.Add(Of(numbers[2..]));
        whole.Value.ShouldBe(Of(numbers).Value);
    }

    [Fact]
    public void Beyond_the_range_of_numbers_it_is_infinite() => Of([double.MaxValue, double.MaxValue, 1]).Value.ShouldBe(double.PositiveInfinity);

    private static CompensatedSum Of(double[] numbers)
    {
        var sum = new CompensatedSum();
        foreach (var number in numbers)
        {
            sum.Add(number);
        }

        return sum;
    }
}
