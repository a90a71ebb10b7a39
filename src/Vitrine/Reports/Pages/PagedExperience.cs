using DuckDB.NET.Data;

namespace Vitrine.Reports.Pages;

/// <summary>Counts an experience's figures from pages.</summary>
internal static class PagedExperience
{
    /// <summary>The rows of the answer.</summary>
    /// <exception cref="ReportTooLargeException">There are more of them than an answer may have.</exception>
    public static List<ReportRow> Read(DuckDBConnection connection, ExperienceQuestion question, PagesOfRange pages, CancellationToken stop)
    {
        var groups = ExperienceGroups.Read(connection, question, pages.Environment);
        var buckets = new List<long>();
        var cells = Place(pages, groups, buckets, stop);
        var values = groups.Values(connection, pages.Environment);
        var rows = new List<ReportRow>();
        var total = cells.Sum(
            question.Scale is null ? null : (group, bucket, figures) =>
                Add(rows, new ReportRow(values[group], question.By.Count > 0, IsBucket: true, buckets[bucket], figures)),
            (group, figures) =>
            {
                if (question.By.Count > 0)
                {
                    Add(rows, new ReportRow(values[group], IsGroup: true, IsBucket: false, 0, figures));
                }
            },
            stop);
        Add(rows, new ReportRow([], IsGroup: false, IsBucket: false, 0, total));
        return rows;
    }

    private static PlacedCells Place(PagesOfRange pages, ExperienceGroups groups, List<long> buckets, CancellationToken stop)
    {
        var cells = new PlacedCells();
        var numbers = new Dictionary<long, int>();
        for (var piece = 0; piece < pages.Pieces.Length; piece++)
        {
            stop.ThrowIfCancellationRequested();
            var bucket = pages.Pieces[piece].Bucket;
            if (numbers.TryAdd(bucket, buckets.Count))
            {
                buckets.Add(bucket);
            }

            foreach (var page in pages.Stacks[piece].Pages)
            {
                Place(page, numbers[bucket], groups, cells);
            }
        }

        return cells;
    }

    /// <summary>Contexts and cells are both in order, so that each search begins where the last one ended.</summary>
    private static void Place(Page page, int bucket, ExperienceGroups groups, PlacedCells cells)
    {
        var cell = 0;
        foreach (var context in groups.Contexts)
        {
            for (cell = page.Find(context, cell); cell < page.Cells.Length && page.Cells[cell].Key.Context == context; cell++)
            {
                cells.Add(groups.GroupOf(page.Cells[cell].Key), bucket, page, cell);
            }

            if (cell == page.Cells.Length)
            {
                return;
            }
        }
    }

    private static void Add(List<ReportRow> rows, ReportRow row)
    {
        if (rows.Count == ReportRow.Maximum)
        {
            throw new ReportTooLargeException();
        }

        rows.Add(row);
    }
}
