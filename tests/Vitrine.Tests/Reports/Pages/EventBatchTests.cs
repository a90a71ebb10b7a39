using Vitrine.Reports.Pages;

namespace Vitrine.Tests.Reports.Pages;

public sealed class EventBatchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1 << 24)]
    [InlineData(1 << 28)]
    [InlineData(int.MaxValue)]
    public void Customers_may_have_any_number(int customer)
    {
        var batch = new EventBatch();
        batch.Add(0, new CellKey(1, 0, 1, 0), customer);
        batch.Add(0, new CellKey(1, 0, 1, 0), 1);
        batch.Take().ShouldHaveSingleItem().Page.Events.ShouldBe(2);
    }
}
