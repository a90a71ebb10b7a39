using Prometheus;
using Vitrine.Reports;
using Vitrine.Reports.Pages;

namespace Vitrine.Tests.Reports.Pages;

/// <summary>What is kept, what has to go, and when all of it.</summary>
public sealed class PageStoreTests
{
    private readonly PageStore _store = new(
        new ReportsOptions { PageMemoryBytes = 10 * PageStack.EmptyBytes }, new ReportsMetrics(Metrics.NewCustomRegistry()));

    [Fact]
    public void The_least_recently_used_goes_first()
    {
        var pages = _store.Follow(1, "SHOP");
        Keep(pages, Enumerable.Range(0, 10));
        Find(pages, 0).ShouldBeTrue();
        Keep(pages, [10]);

        Find(pages, 0).ShouldBeTrue();
        Find(pages, 1).ShouldBeFalse();
        Find(pages, 10).ShouldBeTrue();
    }

    [Fact]
    public void What_is_kept_again_takes_the_place_of_what_it_was()
    {
        var pages = _store.Follow(1, "SHOP");
        for (var time = 0; time < 5; time++)
        {
            Keep(pages, Enumerable.Range(0, 10));
        }

        pages.Bytes.ShouldBe(10 * PageStack.EmptyBytes);
        Enumerable.Range(0, 10).ShouldAllBe(number => Find(pages, number));
    }

    [Fact]
    public void Whoever_asks_for_much_drives_out_nobody_but_himself()
    {
        var modest = _store.Follow(1, "MODEST");
        var greedy = _store.Follow(1, "GREEDY");
        Keep(modest, Enumerable.Range(0, 4));
        for (var number = 0; number < 100; number++)
        {
            Keep(greedy, [number]);
        }

        Enumerable.Range(0, 4).ShouldAllBe(number => Find(modest, number));
        greedy.Bytes.ShouldBe(6 * PageStack.EmptyBytes);
    }

    [Fact]
    public void All_of_it_goes_with_the_file_that_it_is_of()
    {
        Keep(_store.Follow(1, "SHOP"), [1]);
        Find(_store.Follow(1, "SHOP"), 1).ShouldBeTrue();
        Find(_store.Follow(2, "SHOP"), 1).ShouldBeFalse();
    }

    private void Keep(EnvironmentPages pages, IEnumerable<int> numbers) =>
        _store.Keep(pages, numbers.Select(static number => PageStack.Empty(Piece(number))));

    private bool Find(EnvironmentPages pages, int number) => _store.Find(pages, Piece(number)) is not null;

    private static TimePiece Piece(int number) => new(number, number * 10, (number * 10) + 10);
}
