namespace Vitrine.Hosting;

/// <summary>Whether the body of a request could be taken into memory.</summary>
public enum JsonBodyOutcome
{
    /// <summary>It is there, whole and without its coding. Whether it is JSON nobody has looked at.</summary>
    Complete,

    /// <summary>The media type is not JSON in UTF-8, or the content encoding is none that is accepted.</summary>
    UnsupportedMediaType,

    /// <summary>It has more bytes than allowed, counted after decompression.</summary>
    TooLarge,

    /// <summary>It could not be decompressed: broken, cut off, or followed by something else.</summary>
    Undecodable,
}
