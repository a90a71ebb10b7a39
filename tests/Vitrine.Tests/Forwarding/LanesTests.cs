using Vitrine.Forwarding;

namespace Vitrine.Tests.Forwarding;

public sealed class LanesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void Each_customer_has_one_lane_and_its_order_there(int count)
    {
        var items = Items.Many();
        var lanes = Lanes.Deal(items, count, keepRecordsTogether: false);
        lanes.Count.ShouldBeInRange(1, count);
        lanes.SelectMany(static lane => lane).ShouldBe(items, ignoreOrder: true);
        foreach (var customer in items.GroupBy(static one => one.CustomerId))
        {
            var lane = lanes.Where(one => one.Any(item => item.CustomerId == customer.Key)).ShouldHaveSingleItem();
            lane.Where(item => item.CustomerId == customer.Key).ShouldBe(customer);
        }
    }

    [Fact]
    public void Where_records_stay_together_no_record_is_in_two_lanes_and_neither_is_a_customer()
    {
        ForwardedItem[] items =
        [
            Items.Event("ada", 1), Items.Event("bob", 1, 1), Items.Event("eve", 2), Items.Event("bob", 3), Items.Event("zoe", 3, 1), Items.Event("zoe", 4), Items.Event("max", 5), Items.Event("ada", 6),
        ];
        var lanes = Lanes.Deal(items, 32, keepRecordsTogether: true);
        var together = lanes.Single(static lane => lane.Any(static item => item.CustomerId == "ada"));
        together.Where(static item => item.CustomerId is "ada" or "bob" or "zoe").Select(static item => item.Position).ShouldBe([1, 1, 3, 3, 4, 6]);
        lanes.Count.ShouldBeGreaterThan(1, "who has nothing to do with them waits for nobody");
    }
}
