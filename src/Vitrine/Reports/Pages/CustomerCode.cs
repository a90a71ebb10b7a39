using System.Runtime.InteropServices;

namespace Vitrine.Reports.Pages;

/// <summary>
/// How a set of customers is written in a page: the steps from one number to the next, in ascending order, each less
/// one, in as many bytes as makes the set shortest.
/// </summary>
/// <remarks>
/// The widest value of a width says "that far on, and nobody there". A step then costs one byte where one customer in a
/// hundred is in the set and two where one in ten thousand is, and reading it back costs an addition and no branch that
/// a processor could not foresee. A bitmap would be shorter only where more than one customer in eight is in the set,
/// and such sets are few and small beside the others.
/// </remarks>
internal static class CustomerCode
{
    /// <summary>Bytes of a step that make the set shortest: 1, 2 or 4.</summary>
    /// <param name="customers">Ascending, each once, from 0.</param>
    /// <param name="length">How many bytes the set then takes.</param>
    public static byte Width(ReadOnlySpan<int> customers, out long length)
    {
        long ones = customers.Length, twos = customers.Length;
        var previous = -1;
        foreach (var customer in customers)
        {
            var step = (uint)(customer - previous - 1);
            ones += step / byte.MaxValue;
            twos += step / ushort.MaxValue;
            previous = customer;
        }

        length = Math.Min(ones, Math.Min(twos * 2, customers.Length * 4L));
        return length == ones ? (byte)1 : length == twos * 2 ? (byte)2 : (byte)4;
    }

    /// <summary>Writes a set in steps of a width that was found for it.</summary>
    public static void Write(ReadOnlySpan<int> customers, byte width, Span<byte> code)
    {
        switch (width)
        {
            case 1:
                WriteSteps(customers, byte.MaxValue, code);
                break;
            case 2:
                WriteSteps(customers, ushort.MaxValue, MemoryMarshal.Cast<byte, ushort>(code));
                break;
            default:
                WriteSteps(customers, uint.MaxValue, MemoryMarshal.Cast<byte, uint>(code));
                break;
        }
    }

    /// <summary>Reads a set back; answers how many there are.</summary>
    /// <param name="code">What was written.</param>
    /// <param name="width">Its width.</param>
    /// <param name="customers">Room for as many as there are steps.</param>
    public static int Read(ReadOnlySpan<byte> code, byte width, Span<int> customers) => width switch
    {
        1 => ReadSteps(code, byte.MaxValue, customers),
        2 => ReadSteps(MemoryMarshal.Cast<byte, ushort>(code), ushort.MaxValue, customers),
        _ => ReadSteps(MemoryMarshal.Cast<byte, uint>(code), uint.MaxValue, customers),
    };

    private static void WriteSteps<T>(ReadOnlySpan<int> customers, T far, Span<T> steps)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var distance = uint.CreateTruncating(far);
        var (previous, index) = (-1, 0);
        foreach (var customer in customers)
        {
            var step = (uint)(customer - previous - 1);
            for (; step >= distance; step -= distance)
            {
                steps[index++] = far;
            }

            steps[index++] = T.CreateTruncating(step);
            previous = customer;
        }
    }

    private static int ReadSteps<T>(ReadOnlySpan<T> steps, T far, Span<int> customers)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var (previous, count) = (-1, 0);
        foreach (var step in steps)
        {
            if (step == far)
            {
                previous += int.CreateTruncating(far);
                continue;
            }

            previous += int.CreateTruncating(step) + 1;
            customers[count++] = previous;
        }

        return count;
    }
}
