namespace Vitrine.Experiences.Geography;

/// <summary>Where addresses are looked up. Immutable; the file is opened at start.</summary>
public sealed record GeographyOptions
{
    /// <summary>
    /// A file in MaxMind's format (<c>.mmdb</c>), which tells countries and, if it holds them, regions and cities. It is
    /// read into memory. Default: none, and what asks for a place cannot be evaluated.
    /// </summary>
    public string? File { get; init; }
}
