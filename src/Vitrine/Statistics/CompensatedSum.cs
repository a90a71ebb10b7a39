namespace Vitrine.Statistics;

/// <summary>Adds up numbers and what each addition rounds away, so that the order of the numbers does not show.</summary>
/// <remarks>
/// The sum is held as two numbers, the second of which is what the first one is too coarse for (Knuth's TwoSum, <i>The Art
/// of Computer Programming</i>, volume 2, 4.2.2): some 106 bits. Read as one number it is the true sum rounded once, but
/// for cases so close to the middle between two numbers that 106 bits do not tell.
/// </remarks>
internal struct CompensatedSum
{
    private double _sum;
    private double _rounded;

    /// <summary>The sum.</summary>
    public double Value
    {
        // Beyond the range of numbers what was rounded away is no number; the sum itself says that it is infinite.
        readonly get => double.IsFinite(_sum) ? _sum + _rounded : _sum;
        set => (_sum, _rounded) = (value, 0);
    }

    /// <summary>Adds a number.</summary>
    public void Add(double number)
    {
        var sum = _sum + number;
        var before = sum - number;
        _rounded += (_sum - before) + (number - (sum - before));
        _sum = sum;
    }

    /// <summary>Adds another sum.</summary>
    public void Add(in CompensatedSum other)
    {
        Add(other._sum);
        Add(other._rounded);
    }
}
