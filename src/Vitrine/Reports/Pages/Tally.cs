namespace Vitrine.Reports.Pages;

/// <summary>The figures of some cells while they are summed: counts are added, customers united.</summary>
internal sealed class Tally(int lastCustomer)
{
    private readonly CustomerSet _shown = new(lastCustomer);
    private readonly CustomerSet _clicked = new(lastCustomer);
    private long _impressions;
    private long _clicks;

    /// <summary>The figures so far.</summary>
    public Figures Figures => new(_impressions, _clicks, _shown.Count(), _clicked.Count());

    /// <summary>Adds a cell.</summary>
    public void Add(Page page, int index)
    {
        var cell = page.Cells[index];
        if (cell.Key.Action == 0)
        {
            _impressions += cell.Events;
            _shown.Add(page.Customers(index), cell.Width);
        }
        else
        {
            _clicks += cell.Events;
            _clicked.Add(page.Customers(index), cell.Width);
        }
    }

    /// <summary>Adds what another one has.</summary>
    public void Add(Tally other)
    {
        _impressions += other._impressions;
        _clicks += other._clicks;
        _shown.Add(other._shown);
        _clicked.Add(other._clicked);
    }

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        (_impressions, _clicks) = (0, 0);
        _shown.Clear();
        _clicked.Clear();
    }
}
