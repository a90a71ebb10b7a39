using Vitrine.Experiences;

namespace Vitrine.Experiments;

/// <summary>Which share of its customers each variation was to have, at any time.</summary>
internal sealed class SharesInForce
{
    private readonly List<(long From, Dictionary<string, double[]> Shares)> _versions = [];
    private readonly double[]? _given;

    private SharesInForce(IReadOnlyList<string> variations, double[]? given) => (Variations, _given) = (variations, given);

    /// <summary>The variations that were reported, and behind them those that had a share and never arrived.</summary>
    public IReadOnlyList<string> Variations { get; }

    /// <summary>Whether any shares are known.</summary>
    public bool AreKnown => _given is not null || _versions.Count > 0;

    /// <summary>How many versions there are; one where the shares were given.</summary>
    public int Versions => _given is not null ? 1 : _versions.Count;

    /// <summary>Shares that were given with the question.</summary>
    public static SharesInForce Given(IReadOnlyList<string> reported, IReadOnlyDictionary<string, double> weights)
    {
        var variations = With(reported, weights.Where(static one => one.Value > 0).Select(static one => one.Key));
        return new(variations, [.. variations.Select(variation => weights.GetValueOrDefault(variation))]);
    }

    /// <summary>Those of every version that was published.</summary>
    /// <param name="experiences">Where the versions are.</param>
    /// <param name="stored">The experience; null where this server does not know it.</param>
    /// <param name="reported">The variations that were reported.</param>
    /// <param name="audienceId">The only audience that counts; null: all.</param>
    public static SharesInForce Of(ExperienceStore experiences, StoredExperience? stored, IReadOnlyList<string> reported, string? audienceId)
    {
        var published = new List<ExperienceVersion>();
        for (var number = 1; number <= (stored?.Experience.LiveVersion ?? 0); number++)
        {
            var version = number == stored!.Live?.Number ? stored.Live : experiences.ReadVersion(stored.EnvironmentId, stored.Experience.Id, number);
            if (version is not null)
            {
                published.Add(version);
            }
        }

        var shares = new SharesInForce(
            With(reported, published.SelectMany(version => version.Allocations.Where(one => audienceId is null || one.Key == audienceId))
                .SelectMany(static one => one.Value.Ranges).Select(static range => range.Variation)),
            null);
        foreach (var version in published)
        {
            shares._versions.Add((
                version.Published.At.ToUnixTimeSeconds(),
                version.Allocations.ToDictionary(static one => one.Key, one => SharesOf(one.Value, shares.Variations), StringComparer.Ordinal)));
        }

        return shares;
    }

    /// <summary>The version that was in force at a time, in Unix seconds; what was seen before the first came of a clock that goes wrong.</summary>
    public int VersionAt(long time)
    {
        var version = _versions.Count - 1;
        while (version > 0 && _versions[version].From > time)
        {
            version--;
        }

        return Math.Max(0, version);
    }

    /// <summary>The shares of an audience's variations in a version; null where it had no such audience.</summary>
    public double[]? Of(int version, string audienceId) =>
        _given ?? (version < _versions.Count ? _versions[version].Shares.GetValueOrDefault(audienceId) : null);

    private static List<string> With(IReadOnlyList<string> reported, IEnumerable<string?> others) =>
        [.. reported, .. others.OfType<string>().Distinct(StringComparer.Ordinal).Except(reported, StringComparer.Ordinal).OrderBy(static id => id.Length).ThenBy(static id => id, StringComparer.Ordinal)];

    private static double[] SharesOf(Allocation allocation, IReadOnlyList<string> variations)
    {
        var shares = new double[variations.Count];
        foreach (var range in allocation.Ranges)
        {
            for (var place = 0; place < shares.Length; place++)
            {
                shares[place] += variations[place] == range.Variation ? (range.To - range.From) / (double)Allocation.Buckets : 0;
            }
        }

        return shares;
    }
}
