namespace Vitrine.Experiences.Conditions;

/// <summary>Makes verdicts, turns them around, and puts them in words.</summary>
internal static class Verdicts
{
    /// <summary>The verdict on what can be told.</summary>
    public static Verdict Of(bool holds) => holds ? Verdict.Holds : Verdict.Fails;

    /// <summary>Whether not even <c>exists</c> can be answered.</summary>
    public static bool HidesExistence(this Verdict verdict) => verdict >= Verdict.UnknownUser;

    /// <summary>The verdict of the opposite operator: what cannot be evaluated stays so.</summary>
    public static Verdict Negate(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => Verdict.Fails,
        Verdict.Fails => Verdict.Holds,
        _ => verdict,
    };

    /// <summary>Why a leaf could not be evaluated; null when it could.</summary>
    public static string? Note(this Verdict verdict) => verdict switch
    {
        Verdict.Fails or Verdict.Holds => null,
        Verdict.Missing => "There is no such attribute, or it is null.",
        Verdict.NoUserAgent => "The request gives no user agent.",
        Verdict.UnknownDevice => "The user agent does not say it in a way that is known here.",
        Verdict.NoAddress => "The request gives no IP address, or one that is none.",
        Verdict.UnknownPlace => "The geography file does not say it of this address.",
        Verdict.NotComparable => "The value is neither a text, a number nor a boolean.",
        Verdict.NotText => "The value is no text.",
        Verdict.NotList => "The value is no list; only a list can contain a number or a boolean.",
        Verdict.NotNumber => "The value is no number, nor a text that is one.",
        Verdict.NotOrdered => "The value cannot be ordered with this one.",
        Verdict.NotDate => "The value is no date: ISO 8601 as a text, or Unix seconds as a number.",
        Verdict.NotVersion => "The value is no version such as 1.4.2.",
        Verdict.UnknownUser => "The visitor is not known: there is no identifier, or no profile.",
        Verdict.NoGeography => "The server has no geography file.",
        Verdict.UnknownCount => "What the user did cannot be told now.",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
