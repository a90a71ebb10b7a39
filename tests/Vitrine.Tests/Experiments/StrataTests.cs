using Vitrine.Experiments;
using Vitrine.Statistics;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

/// <summary>Customers of groups with other shares are not alike, and what they are like is no effect of a variation.</summary>
public sealed class StrataTests
{
    [Fact]
    public void Opposite_shares_in_two_groups_make_no_difference_where_there_is_none()
    {
        // Half of the one group click and a twentieth of the other, whatever they see; pooled it would be 45.5 % against 9.5 %.
        var (first, second, leftOut) = Strata.Pair(
            [Moments.Proportion(9_000, 4_500), Moments.Proportion(1_000, 50)],
            [Moments.Proportion(1_000, 500), Moments.Proportion(9_000, 450)]);
        first.Mean.ShouldBe(0.275, 1e-12);
        second.Mean.ShouldBe(0.275, 1e-12);
        leftOut.ShouldBe(0);
        Comparison.Of(first, second, new ComparisonOptions { Method = ComparisonMethod.Frequentist, Alpha = 0.05 }).PValue!.Value.ShouldBe(1, 1e-9);
    }

    [Fact]
    public void A_difference_within_groups_is_averaged_by_their_size_and_its_variance_with_the_square()
    {
        var (first, second, _) = Strata.Pair(
            [new Moments(100, 1, 4), new Moments(300, 2, 9)],
            [new Moments(100, 2, 4), new Moments(500, 2.5, 9)]);
        (second.Mean - first.Mean).ShouldBe((0.2 * 1) + (0.8 * 0.5), 1e-12);
        first.SquaredError.ShouldBe((0.04 * 4 / 100) + (0.64 * 9 / 300), 1e-12);
        (first.Count, second.Count).ShouldBe((400, 600));
    }

    [Fact]
    public void One_group_is_as_if_there_were_none()
    {
        var (moments, other) = (Moments.Proportion(1_000, 46), Moments.Proportion(900, 69));
        Strata.Pair([moments], [other]).ShouldBe((moments, other, 0));
    }

    [Fact]
    public void A_group_that_had_only_one_of_both_is_left_out()
    {
        var (first, second, leftOut) = Strata.Pair(
            [Moments.Proportion(5_000, 2_500), Moments.Proportion(100, 10)],
            [Moments.Proportion(0, 0), Moments.Proportion(100, 20)]);
        (first.Mean, second.Mean, leftOut).ShouldBe((0.1, 0.2, 5_000));
    }

    [Fact]
    public void Without_a_group_in_common_nobody_is_compared() =>
        Strata.Pair([Moments.Proportion(50, 2), default], [default, Moments.Proportion(50, 2)]).Baseline.Count.ShouldBe(0);

    /// <summary>Thousands of experiments of two groups with other shares and other customers and no effect: as many false alarms as were accepted.</summary>
    [Fact]
    public void The_chance_of_a_false_alarm_is_kept()
    {
        var random = new Seeded(11);
        var alarms = 0;
        const int experiments = 4_000;
        for (var experiment = 0; experiment < experiments; experiment++)
        {
            var (first, second, _) = Strata.Pair(
                [Clicks(random, 450, 0.5), Clicks(random, 50, 0.1)], [Clicks(random, 50, 0.5), Clicks(random, 450, 0.1)]);
            var result = Comparison.Of(first, second, new ComparisonOptions { Method = ComparisonMethod.Frequentist, Alpha = 0.05 });
            alarms += result.PValue < 0.05 ? 1 : 0;
        }

        (alarms / (double)experiments).ShouldBeInRange(0.035, 0.068);
    }

    private static Moments Clicks(Seeded random, int customers, double rate) =>
        Moments.Proportion(customers, Enumerable.Range(0, customers).Count(_ => random.Next(1_000_000) < rate * 1_000_000));
}
