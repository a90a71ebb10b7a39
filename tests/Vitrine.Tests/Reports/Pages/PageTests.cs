using Vitrine.Reports;
using Vitrine.Reports.Pages;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports.Pages;

/// <summary>Pages made of events in any order, in one batch or many, hold each event once.</summary>
public sealed class PageTests
{
    private sealed record Event(int Piece, CellKey Key, int Customer);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stack_holds_what_was_laid_on_it(int seed)
    {
        var random = new Seeded((ulong)seed);
        var stacks = Enumerable.Range(0, 3).Select(static piece => PageStack.Empty(new TimePiece(piece, piece * 10, (piece * 10) + 10))).ToArray();
        var all = new List<Event>();
        var batch = new EventBatch();
        for (var round = 0; round < 30; round++)
        {
            for (var count = random.Next(random.OneIn(4) ? 9000 : 40); count > 0; count--)
            {
                var one = Make(random);
                all.Add(one);
                batch.Add(one.Piece, one.Key, one.Customer);
            }

            foreach (var (piece, page) in batch.Take())
            {
                stacks[piece] = stacks[piece].With(page);
            }
        }

        for (var piece = 0; piece < stacks.Length; piece++)
        {
            var expected = all.Where(one => one.Piece == piece).GroupBy(static one => one.Key).OrderBy(static cell => cell.Key)
                .Select(static cell => (cell.Key, (long)cell.Count(), cell.Select(static one => one.Customer).Distinct().Count()));
            Cells(stacks[piece]).ShouldBe(expected);
            stacks[piece].Pages.Length.ShouldBeLessThan(10);
        }
    }

    [Fact]
    public void A_key_gives_back_what_it_was_made_of()
    {
        var key = new CellKey(CellKey.NumberLimit - 1, CellKey.NumberLimit - 2, 4, 1);
        (key.Context, key.ClickTarget, key.Platform, key.Action).ShouldBe((CellKey.NumberLimit - 1, CellKey.NumberLimit - 2, 4, 1));
        (new CellKey(2, 0, 0, 0).CompareTo(new CellKey(1, 9, 4, 1)) > 0).ShouldBeTrue();
    }

    private static Event Make(Seeded random) => new(
        random.Next(3),
        new CellKey(1 + random.Next(40), random.OneIn(3) ? random.Next(30) : 0, (byte)random.Next(5), (byte)random.Next(2)),
        1 + (random.OneIn(2) ? random.Next(50) : random.Next(20_000_000)));

    private static IEnumerable<(CellKey, long, int)> Cells(PageStack stack) => stack.Pages
        .SelectMany(static page => Enumerable.Range(0, page.Cells.Length).Select(index => (page.Cells[index].Key, page.Cells[index].Events, Customers(page, index))))
        .GroupBy(static cell => cell.Key)
        .OrderBy(static cell => cell.Key)
        .Select(static cell => (cell.Key, cell.Sum(static one => one.Events), cell.SelectMany(static one => one.Item3).Distinct().Count()));

    private static int[] Customers(Page page, int index)
    {
        var code = page.Customers(index);
        var customers = new int[code.Length / page.Cells[index].Width];
        return customers[..CustomerCode.Read(code, page.Cells[index].Width, customers)];
    }
}
