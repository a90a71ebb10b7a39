using System.IO.Hashing;
using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Commands.Import;

/// <summary>
/// Derives uuids from rows that bring none, so that the same file imported twice counts once: from the row's content
/// and, for rows that are alike, from which of them it is. Rows put before or between others change nothing.
/// </summary>
/// <remarks>
/// The uuid is version 8 (RFC 9562): the first 122 free bits of SHA-256 over the row, its number among its likes, and
/// the action's place in it. 16 bytes of memory and some are kept for each different row.
/// </remarks>
internal sealed class RowIdentities
{
    private readonly Dictionary<UInt128, int> _seen = [];

    /// <summary>Counts a row; answers which of its likes it is, from 0.</summary>
    public int Count(string row)
    {
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(row));
        var before = _seen.GetValueOrDefault(hash);
        _seen[hash] = before + 1;
        return before;
    }

    /// <summary>The uuid of one action of a row.</summary>
    public static string Of(string row, int occurrence, int action) => Uuids.Format(Uuids.OfText($"vitrine import\n{occurrence}\n{action}\n{row}"));
}
