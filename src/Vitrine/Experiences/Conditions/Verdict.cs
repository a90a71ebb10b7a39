namespace Vitrine.Experiences.Conditions;

/// <summary>What comes of a leaf. Everything behind <see cref="Holds"/> says why it could not be evaluated.</summary>
internal enum Verdict : byte
{
    Fails,
    Holds,
    Missing,
    NoUserAgent,
    UnknownDevice,
    NoAddress,
    UnknownPlace,
    NotComparable,
    NotText,
    NotList,
    NotNumber,
    NotOrdered,
    NotDate,
    NotVersion,

    // From here on it cannot even be told whether there is a value.
    UnknownUser,
    NoGeography,
    UnknownCount,
}
