namespace Vitrine.Reports.Pages;

/// <summary>Makes one page of two that are about different events of the same time.</summary>
internal static class PageMerge
{
    /// <summary>The page of all the events of both.</summary>
    public static Page Merge(Page one, Page other)
    {
        var writer = new PageWriter();
        var (left, right) = (0, 0);
        while (left < one.Cells.Length && right < other.Cells.Length)
        {
            switch (one.Cells[left].Key.CompareTo(other.Cells[right].Key))
            {
                case < 0:
                    writer.Add(one, left++);
                    break;
                case > 0:
                    writer.Add(other, right++);
                    break;
                default:
                    writer.Add(
                        one.Cells[left].Key,
                        one.Cells[left].Events + other.Cells[right].Events,
                        Unite(Read(one, left++), Read(other, right++)));
                    break;
            }
        }

        for (; left < one.Cells.Length; left++)
        {
            writer.Add(one, left);
        }

        for (; right < other.Cells.Length; right++)
        {
            writer.Add(other, right);
        }

        return writer.Take();
    }

    private static ReadOnlySpan<int> Read(Page page, int cell)
    {
        var code = page.Customers(cell);
        var width = page.Cells[cell].Width;
        var customers = new int[code.Length / width];
        return customers.AsSpan(0, CustomerCode.Read(code, width, customers));
    }

    private static ReadOnlySpan<int> Unite(ReadOnlySpan<int> left, ReadOnlySpan<int> right)
    {
        var all = new int[left.Length + right.Length];
        var count = 0;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            var (first, second) = (left[0], right[0]);
            all[count++] = Math.Min(first, second);
            left = left[(first <= second ? 1 : 0)..];
            right = right[(second <= first ? 1 : 0)..];
        }

        left.CopyTo(all.AsSpan(count));
        right.CopyTo(all.AsSpan(count + left.Length));
        return all.AsSpan(0, count + left.Length + right.Length);
    }
}
