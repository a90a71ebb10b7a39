using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using MathNet.Numerics;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>
/// Compares how exposed customers are spread over the variations with the shares in force when each was first exposed, and
/// where they are not as they should be, finds out among whom.
/// </summary>
/// <remarks>Everybody counts in the variation of his first exposure, those who saw several too: leaving these out would unbalance what is tested.</remarks>
internal sealed class SampleRatioCheck
{
    private const int Named = 5;

    private readonly ExposedCustomers _customers;
    private readonly SharesInForce _shares;
    private readonly long[,] _cells; // By context and version.

    private SampleRatioCheck(ExposedCustomers customers, SharesInForce shares)
    {
        (_customers, _shares) = (customers, shares);
        _cells = new long[customers.VariationOf.Length, Math.Max(1, shares.Versions)];
        foreach (ref readonly var customer in customers.All)
        {
            if (customer.Impressions > 0)
            {
                _cells[customer.FirstContext, shares.VersionAt(customer.FirstTime)]++;
            }
        }
    }

    /// <summary>Checks the spread.</summary>
    /// <param name="connection">In a transaction; asked once more where something is wrong.</param>
    /// <param name="customers">The customers.</param>
    /// <param name="shares">The shares in force.</param>
    /// <param name="sdks">Reads by which SDK customers were first exposed.</param>
    public static SampleRatioResult Run(
        DuckDBConnection connection, ExposedCustomers customers, SharesInForce shares, Func<DuckDBConnection, Dictionary<int, string>> sdks)
    {
        if (!shares.AreKnown)
        {
            return new SampleRatioResult { Reason = "The shares are not known: this server never published the experience. Give them as weights." };
        }

        var check = new SampleRatioCheck(customers, shares);
        var whole = new Spread(shares.Variations.Count);
        check.AddTo(whole);
        if (whole.Test(out var reason) is not { } test)
        {
            return new SampleRatioResult { Reason = reason, Warning = whole.WithoutShare > 0, CustomersWithoutShare = whole.WithoutShare };
        }

        return new SampleRatioResult
        {
            PValue = test.PValue,
            ChiSquared = test.ChiSquared,
            DegreesOfFreedom = test.DegreesOfFreedom,
            Warning = test.IsMismatch || whole.WithoutShare > 0,
            Observed = ByVariation(shares, whole, place => whole.Observed[place]),
            Expected = ByVariation(shares, whole, place => whole.Expected[place]),
            CustomersWithoutShare = whole.WithoutShare,
            Located = test.IsMismatch ? check.Locate(sdks(connection)) : [],
        };
    }

    /// <summary>Figures by variation: of those that were reported, or should have been.</summary>
    private static Dictionary<string, T> ByVariation<T>(SharesInForce shares, Spread whole, Func<int, T> figure) => Enumerable.Range(0, shares.Variations.Count)
        .Where(place => whole.Observed[place] > 0 || whole.Expected[place] > 0)
        .ToDictionary(place => shares.Variations[place], figure);

    private void AddTo(Spread whole)
    {
        for (var context = 0; context < _cells.GetLength(0); context++)
        {
            for (var version = 0; version < _cells.GetLength(1); version++)
            {
                if (_cells[context, version] is > 0 and var count)
                {
                    whole.Add(_customers.VariationOf[context], _shares.Of(version, _customers.Context(context).AudienceId), count);
                }
            }
        }
    }

    /// <summary>
    /// The values of each dimension that are not spread as they should be, by Holm over all that were tested. Those come
    /// first without which the rest is in order: there the cause is.
    /// </summary>
    private List<SampleRatioCause> Locate(Dictionary<int, string> sdks)
    {
        var spreads = new Dictionary<(string Dimension, string Value), Spread>();
        foreach (ref readonly var customer in _customers.All)
        {
            if (customer.Impressions == 0)
            {
                continue;
            }

            var context = _customers.Context(customer.FirstContext);
            var (variation, shares) = (_customers.VariationOf[customer.FirstContext], _shares.Of(_shares.VersionAt(customer.FirstTime), context.AudienceId));
            Add(("platform", Reports.ReportDimension.Platforms[(int)customer.FirstPlatform]));
            Add(("locale", context.LocaleId));
            Add(("audience", context.AudienceId));
            Add(("sdk", sdks.GetValueOrDefault(customer.Customer, "unknown")));

            void Add((string, string) key)
            {
                if (!spreads.TryGetValue(key, out var spread))
                {
                    spreads.Add(key, spread = new Spread(_shares.Variations.Count));
                }

                spread.Add(variation, shares, 1);
            }
        }

        return Rank(spreads);
    }

    private List<SampleRatioCause> Rank(Dictionary<(string Dimension, string Value), Spread> spreads)
    {
        var whole = new Spread(_shares.Variations.Count);
        AddTo(whole);
        var values = spreads.Keys.CountBy(static key => key.Dimension).ToDictionary();
        var keys = spreads.Keys.Where(key => values[key.Dimension] > 1).ToList();
        var adjusted = MultipleComparisons.Holm([.. keys.Select(key => spreads[key].Test(out _)?.PValue)]);
        return [.. keys
            .Select((key, index) => (Key: key, P: adjusted[index]))
            .Where(static one => one.P < SampleRatio.Threshold)
            .Select(one => (one.Key, one.P, Others: whole.Without(spreads[one.Key]).Test(out _), Apart: Apart(spreads[one.Key], whole)))
            .OrderBy(static one => one.Others?.IsMismatch ?? true)
            .ThenBy(static one => one.P)
            .ThenBy(static one => one.Key.Dimension, StringComparer.Ordinal)
            .ThenBy(static one => one.Key.Value, StringComparer.Ordinal)
            .Take(Named)
            .Select(one => new SampleRatioCause(one.Key.Dimension, one.Key.Value, one.P!.Value, one.Others?.PValue, one.Apart))];
    }

    /// <summary>
    /// How likely a part and the rest are spread so differently by chance: what both miss their expectation by less what the
    /// whole does (χ² is additive over parts, nearly). Null where nobody is left to compare with.
    /// </summary>
    private static double? Apart(Spread part, Spread whole) =>
        part.Test(out _) is { } here && whole.Without(part).Test(out _) is { } there && whole.Test(out _) is { } all
            ? SpecialFunctions.GammaUpperRegularized(all.DegreesOfFreedom / 2.0, Math.Max(0, here.ChiSquared + there.ChiSquared - all.ChiSquared) / 2)
            : null;

    /// <summary>How some customers are spread, and how they should be.</summary>
    /// <remarks>Customers are counted by the shares that held for them, and multiplied once: adding up parts of customers, one after the other, rounds.</remarks>
    private sealed class Spread(int variations)
    {
        private readonly Dictionary<double[], long> _customers = []; // By shares, which are the same object where they are the same.

        public long[] Observed { get; } = new long[variations];

        public double[] Expected
        {
            get
            {
                var expected = new double[Observed.Length];
                foreach (var (shares, count) in _customers)
                {
                    var whole = shares.Sum();
                    for (var place = 0; place < shares.Length; place++)
                    {
                        expected[place] += count * shares[place] / whole;
                    }
                }

                return expected;
            }
        }

        /// <summary>Customers of a variation or an audience to which nobody was to belong.</summary>
        public long WithoutShare { get; private set; }

        public void Add(int variation, double[]? shares, long count)
        {
            if (shares is null || shares[variation] <= 0)
            {
                WithoutShare += count;
                return;
            }

            Observed[variation] += count;
            CollectionsMarshal.GetValueRefOrAddDefault(_customers, shares, out _) += count;
        }

        public Spread Without(Spread other)
        {
            var rest = new Spread(Observed.Length) { WithoutShare = WithoutShare - other.WithoutShare };
            for (var place = 0; place < Observed.Length; place++)
            {
                rest.Observed[place] = Observed[place] - other.Observed[place];
            }

            foreach (var (shares, count) in _customers)
            {
                if (count - other._customers.GetValueOrDefault(shares) is > 0 and var left)
                {
                    rest._customers.Add(shares, left);
                }
            }

            return rest;
        }

        public SampleRatio? Test(out string? reason)
        {
            var expected = Expected;
            reason = Observed.Sum() == 0 ? WithoutShare > 0 ? "Nobody was exposed to a variation that had a share." : "Nobody was exposed."
                : expected.Count(static one => one > 0) < 2 ? "Fewer than two variations have a share."
                : null;
            return reason is null ? SampleRatio.OfExpected(Observed, expected) : null;
        }
    }
}
