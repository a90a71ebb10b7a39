namespace Vitrine.Reports.Pages;

/// <summary>
/// The pages of one stretch of time that together hold its events up to a journal position: the largest below, what
/// came later in ever smaller ones above it. Immutable.
/// </summary>
/// <remarks>
/// Newcomers are laid on top and merged with what lies under them once that is no longer four times as large, so an
/// event is written a few times in its life however many reports look on, and a report reads a few pages for each
/// stretch of time.
/// </remarks>
/// <param name="Start">Its beginning in Unix seconds.</param>
/// <param name="End">Its end, which does not belong to it.</param>
/// <param name="Position">The last journal record whose events are in it.</param>
/// <param name="Pages">The pages, the largest first; no event is in two.</param>
internal sealed record PageStack(long Start, long End, long Position, Page[] Pages)
{
    /// <summary>Bytes of memory that a stack without pages takes, its place in the store included.</summary>
    public const int EmptyBytes = 250;

    private const int Ratio = 4;

    /// <summary>Bytes of memory that it takes, its place in the store included.</summary>
    public long Bytes { get; } = EmptyBytes + Pages.Sum(static page => page.Bytes);

    /// <summary>The stack before anything is known.</summary>
    public static PageStack Empty(TimePiece piece) => new(piece.Start, piece.End, 0, []);

    /// <summary>With further events on top.</summary>
    public PageStack With(Page newcomers)
    {
        var pages = Pages.ToList();
        while (pages.Count > 0 && pages[^1].Bytes < newcomers.Bytes * Ratio)
        {
            newcomers = PageMerge.Merge(pages[^1], newcomers);
            pages.RemoveAt(pages.Count - 1);
        }

        return new PageStack(Start, End, Position, [.. pages, newcomers]);
    }
}
