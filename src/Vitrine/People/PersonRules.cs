namespace Vitrine.People;

/// <summary>What names and passwords may be.</summary>
public static class PersonRules
{
    /// <summary>Characters of a name.</summary>
    public const int MaximumNameLength = 200;

    /// <summary>Characters of a password. Length is what makes one hard to guess; which characters, is left to the person (NIST SP 800-63B).</summary>
    public const int MinimumPasswordLength = 12;

    /// <summary>More is refused before it is hashed.</summary>
    public const int MaximumPasswordLength = 256;

    /// <summary>A name as it is kept: people do not sign in with another case.</summary>
    public static string Normalise(string name) => name.Trim().ToLowerInvariant();

    /// <summary>Why a normalised name cannot be one; null when it can.</summary>
    public static string? WhyNotName(string name) =>
        name.Length is < 2 or > MaximumNameLength ? $"A name has 2–{MaximumNameLength} characters."
        : name.Any(static character => char.IsControl(character) || char.IsSurrogate(character)) ? "A name has no control characters and no pictures."
        : null;

    /// <summary>Why a password cannot be one; null when it can.</summary>
    public static string? WhyNotPassword(string password, string name) =>
        password.Length is < MinimumPasswordLength or > MaximumPasswordLength ? $"A password has {MinimumPasswordLength}–{MaximumPasswordLength} characters."
        : password.Contains(name, StringComparison.OrdinalIgnoreCase) ? "A password does not contain the name."
        : password.Distinct().Count() < 4 ? "A password has at least four different characters."
        : null;
}

/// <summary>A change of people was refused; the message says why and what would be right.</summary>
public sealed class PersonRefusedException(string message) : Exception(message);
