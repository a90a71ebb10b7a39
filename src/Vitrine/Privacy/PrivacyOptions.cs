namespace Vitrine.Privacy;

/// <summary>How customers are erased.</summary>
public sealed record PrivacyOptions
{
    /// <summary>
    /// How far apart files are written anew without what was erased, from 0 to 30 days. Default: an hour. The first
    /// erasure after so long a time begins at once; those that come meanwhile wait and go together, for each time reads
    /// the whole journal. Reports, decisions and the interface are without an erased customer within a second anyway.
    /// </summary>
    public TimeSpan ErasureInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (ErasureInterval < TimeSpan.Zero || ErasureInterval > TimeSpan.FromDays(30))
        {
            yield return "The erasure interval is from 0 to 30 days.";
        }
    }
}
