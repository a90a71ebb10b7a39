namespace Vitrine.Statistics;

/// <summary>Why two variations cannot be compared.</summary>
public enum ComparisonTrouble
{
    /// <summary>
    /// A variation has fewer than two customers, so nobody knows how much they differ; or the denominators of its ratio add
    /// up to zero.
    /// </summary>
    TooFewCustomers,

    /// <summary>All customers of both variations are alike.</summary>
    NoVariance,

    /// <summary>A relative difference of a treatment in which nobody did anything: it is −100 %, and the formula says it were sure.</summary>
    TreatmentIsZero,

    /// <summary>The two were never to be had by the same customers at the same time.</summary>
    NeverTogether,

    /// <summary>A relative difference to a mean of zero.</summary>
    BaselineIsZero,

    /// <summary>The figures are too large or too small to be calculated with.</summary>
    OutOfRange,
}

/// <summary>The troubles in words.</summary>
public static class ComparisonTroubles
{
    /// <summary>The name of a trouble in answers, such as <c>no_variance</c>.</summary>
    public static string Name(this ComparisonTrouble trouble) =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(trouble.ToString());

    /// <summary>A sentence for people.</summary>
    public static string Sentence(this ComparisonTrouble trouble) => trouble switch
    {
        ComparisonTrouble.TooFewCustomers => "A variation has fewer than two customers, or nothing in the denominator of its ratio.",
        ComparisonTrouble.NoVariance => "All customers of both variations are alike, so nothing says how sure a difference is.",
        ComparisonTrouble.TreatmentIsZero => "Nobody in the treatment did it, and how sure a difference of −100 % is the formula cannot say; ask for the absolute difference.",
        ComparisonTrouble.NeverTogether => "No audience had both at the same time, so what differs may be their customers.",
        ComparisonTrouble.BaselineIsZero => "The baseline's mean is zero, and nothing is a multiple of that; ask for the absolute difference.",
        _ => "The figures are too large or too small to be calculated with.",
    };
}
