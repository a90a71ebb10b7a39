namespace Vitrine.Reports.Pages;

/// <summary>Keeps the pages of all environments within a budget of memory.</summary>
/// <remarks>
/// <para>
/// A view of a view: nothing is lost when a page goes. When the budget is exceeded, the environment that holds most
/// gives up what it has not used for longest, so nobody can drive out another's pages by asking for many zones or
/// ranges; one alone may have it all. What a report at hand still uses lives on until it is answered.
/// </para>
/// <para>
/// Pages belong to one file of the projection. <see cref="Follow"/> is told which one is being read, by readers within
/// the projection's gate, where it cannot change; all pages of another one are dropped there. Any thread may call; an
/// environment's pages are brought up to date by whoever has its turn.
/// </para>
/// </remarks>
internal sealed class PageStore(ReportsOptions options, ReportsMetrics metrics)
{
    private readonly Lock _gate = new();
    private Dictionary<string, EnvironmentPages> _environments = new(StringComparer.Ordinal);
    private long _bytes;
    private long _generation = -1;

    /// <summary>Bytes that the pages of one report may take; what needs more is read from the events themselves.</summary>
    public long ReportBudget => options.PageMemoryBytes / 2;

    /// <summary>Events of one query that makes pages, about; what a query has made is kept whatever becomes of the next.</summary>
    public long EventsAtOnce => options.PageEventsAtOnce;

    /// <summary>Where reports are counted.</summary>
    public ReportsMetrics Metrics => metrics;

    /// <summary>The pages of an environment in the file that is being read.</summary>
    public EnvironmentPages Follow(long generation, string environmentId)
    {
        lock (_gate)
        {
            if (generation != _generation)
            {
                (_environments, _bytes, _generation) = (new(StringComparer.Ordinal), 0, generation);
            }

            if (!_environments.TryGetValue(environmentId, out var pages))
            {
                _environments.Add(environmentId, pages = new EnvironmentPages());
            }

            return pages;
        }
    }

    /// <summary>What is known of a stretch of time; null when nothing is.</summary>
    public PageStack? Find(EnvironmentPages pages, TimePiece piece)
    {
        lock (_gate)
        {
            return pages.Find(piece);
        }
    }

    /// <summary>Drops all pages of an environment.</summary>
    public void Clear(EnvironmentPages pages)
    {
        lock (_gate)
        {
            _bytes -= _environments.ContainsValue(pages) ? pages.Clear() : 0; // Those of another file are counted no more.
            metrics.PagesHold(_bytes);
        }
    }

    /// <summary>Keeps what is known now, and drops what is too much.</summary>
    public void Keep(EnvironmentPages pages, IEnumerable<PageStack> stacks)
    {
        lock (_gate)
        {
            foreach (var stack in stacks)
            {
                _bytes += pages.Keep(stack);
            }

            while (_bytes > options.PageMemoryBytes)
            {
                _bytes -= _environments.Values.MaxBy(static environment => environment.Bytes)!.DropOldest();
            }

            metrics.PagesHold(_bytes);
        }
    }
}
