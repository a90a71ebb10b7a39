using System.Globalization;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>
/// Groups of customers who had the same chances to be given each variation: by audience and by version, joined where the
/// shares are the same.
/// </summary>
/// <remarks>
/// Customers of one audience are not like those of another, and those of one week not like those of the next. Where shares
/// differ between them, the variations have other customers, and what these are like would be taken for an effect of the
/// variations (Simpson's paradox). So variations are compared within each group, and the differences averaged by how many
/// customers a group has (post-stratification). Where shares are the same throughout there is one group.
/// </remarks>
internal sealed class Strata
{
    private readonly int[,] _of; // By context and version.
    private readonly SharesInForce _shares;

    private Strata(int[,] of, int count, SharesInForce shares) => (_of, Count, _shares) = (of, count, shares);

    /// <summary>How many groups there are: 1 or more.</summary>
    public int Count { get; }

    /// <summary>The groups of an experiment.</summary>
    public static Strata Of(ExposedCustomers customers, SharesInForce shares)
    {
        var versions = Math.Max(1, shares.Versions);
        var of = new int[customers.VariationOf.Length, versions];
        if (!shares.AreKnown)
        {
            return new Strata(of, 1, shares);
        }

        var byShares = new Dictionary<string, int>(StringComparer.Ordinal);
        var byAudience = new Dictionary<(string Audience, int Version), int>();
        for (var context = 0; context < of.GetLength(0); context++)
        {
            for (var version = 0; version < versions && customers.Counts(context); version++)
            {
                var key = (customers.Context(context).AudienceId, version);
                if (!byAudience.TryGetValue(key, out var group))
                {
                    var same = Text(shares.Of(version, key.AudienceId));
                    group = byShares.TryGetValue(same, out var known) ? known : byShares.Count;
                    byShares.TryAdd(same, group);
                    byAudience.Add(key, group);
                }

                of[context, version] = group;
            }
        }

        return new Strata(of, Math.Max(1, byShares.Count), shares);
    }

    /// <summary>The group of a customer who was exposed.</summary>
    public int Of(in ExposedCustomer customer) => _of[customer.FirstContext, _shares.VersionAt(customer.FirstTime)];

    /// <summary>
    /// Two variations as if both had the customers of all groups in which both were to be had: m = Σ w_g·m_g and
    /// s² = Σ w_g²·s_g², with w_g the part of their customers who are of the group.
    /// </summary>
    /// <param name="baseline">The moments of one, by group.</param>
    /// <param name="treatment">Those of the other.</param>
    /// <returns>The moments, and the customers of groups that had only one of both; without a group in common no customers.</returns>
    public static (Moments Baseline, Moments Treatment, long LeftOut) Pair(IReadOnlyList<Moments> baseline, IReadOnlyList<Moments> treatment)
    {
        var common = Enumerable.Range(0, baseline.Count).Where(group => baseline[group].Count > 1 && treatment[group].Count > 1).ToList();
        var all = baseline.Sum(static one => one.Count) + treatment.Sum(static one => one.Count);
        var counted = common.Sum(group => baseline[group].Count + treatment[group].Count);
        return common.Count == 1
            ? (baseline[common[0]], treatment[common[0]], all - counted)
            : (Average(baseline), Average(treatment), all - counted);

        Moments Average(IReadOnlyList<Moments> moments)
        {
            var (count, mean, squaredError) = (0L, 0.0, 0.0);
            foreach (var group in common)
            {
                var weight = (baseline[group].Count + treatment[group].Count) / (double)counted;
                count += moments[group].Count;
                mean += weight * moments[group].Mean;
                squaredError += weight * weight * moments[group].SquaredError;
            }

            return new Moments(count, mean, squaredError * count);
        }
    }

    private static string Text(double[]? shares)
    {
        var whole = shares?.Sum() ?? 0;
        return whole <= 0 ? "" : string.Join(' ', shares!.Select(share => Math.Round(share / whole, 9).ToString(CultureInfo.InvariantCulture)));
    }
}
