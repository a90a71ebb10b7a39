using Microsoft.Data.Sqlite;

namespace Vitrine.Journal;

/// <summary>What a reading of the whole journal found.</summary>
/// <param name="Groups">Commit groups.</param>
/// <param name="Records">Records in them.</param>
/// <param name="Bytes">Bytes of framed records.</param>
/// <param name="First">The first position; 1 unless older records were trimmed.</param>
/// <param name="Last">The last position; one less than the first when the journal is empty.</param>
/// <param name="Damages">A sentence for each damaged or missing stretch; empty when the journal is sound.</param>
public sealed record JournalVerification(long Groups, long Records, long Bytes, long First, long Last, IReadOnlyList<string> Damages)
{
    /// <summary>
    /// Reads every group: SQLite's own integrity, no gap between the groups, and each record's
    /// checksum, which holds its position too. Only reads; a server may be writing meanwhile.
    /// </summary>
    internal static JournalVerification Run(SqliteConnection journal)
    {
        var damages = new List<string>();
        var integrity = JournalFile.Scalar(journal, "PRAGMA integrity_check(1)") as string;
        if (integrity != "ok")
        {
            damages.Add($"SQLite finds the file damaged: {integrity}");
        }

        var (first, last) = SqliteJournal.Extent(journal);
        long groups = 0, records = 0, bytes = 0;
        var reached = first - 1;
        while (reached < last && SqliteJournal.ReadAfter(journal, reached) is { } group)
        {
            groups++;
            records += group.Count;
            bytes += group.Payload.Length;
            Check(group, damages);
            reached = group.LastPosition;
        }

        return new JournalVerification(groups, records, bytes, first, last, damages);
    }

    private static void Check(JournalGroup group, List<string> damages)
    {
        var walk = group.Records;
        for (var more = true; more;)
        {
            try
            {
                more = walk.MoveNext();
            }
            catch (JournalDamagedException damage)
            {
                damages.Add(damage.Message);
            }
        }
    }
}
