namespace Vitrine.Statistics;

/// <summary>The difference between two variations and how sure it is; or why there is none.</summary>
/// <param name="Value">The difference.</param>
/// <param name="StandardError">Its standard error, above 0.</param>
/// <param name="Trouble">Why nothing can be said; null when something can.</param>
internal readonly record struct Effect(double Value, double StandardError, ComparisonTrouble? Trouble)
{
    /// <summary>
    /// Absolute: SE² = s_a² + s_b². Relative: δ = (m_b − m_a)/|m_a|, SE² = s_b²/m_a² + s_a²·m_b²/m_a⁴ (delta method); s² is
    /// the squared standard error of a variation's mean.
    /// </summary>
    public static Effect Between(Moments baseline, Moments treatment, DifferenceKind kind)
    {
        if (baseline.Count < 2 || treatment.Count < 2)
        {
            return new Effect(0, 0, ComparisonTrouble.TooFewCustomers);
        }

        if (kind == DifferenceKind.Relative && baseline.Mean == 0)
        {
            return new Effect(0, 0, ComparisonTrouble.BaselineIsZero);
        }

        var difference = treatment.Mean - baseline.Mean;
        var squared = baseline.SquaredError + treatment.SquaredError;
        if (kind == DifferenceKind.Relative)
        {
            var ratio = treatment.Mean / baseline.Mean;
            difference /= Math.Abs(baseline.Mean);
            squared = (treatment.SquaredError / baseline.Mean / baseline.Mean) + (baseline.SquaredError / baseline.Mean / baseline.Mean * ratio * ratio);
        }

        return !double.IsFinite(difference) || !double.IsFinite(squared) ? new Effect(0, 0, ComparisonTrouble.OutOfRange)
            : squared <= 0 ? new Effect(
                difference, 0, baseline.SquaredError > 0 || treatment.SquaredError > 0 ? ComparisonTrouble.TreatmentIsZero : ComparisonTrouble.NoVariance)
            : new Effect(difference, Math.Sqrt(squared), null);
    }
}
