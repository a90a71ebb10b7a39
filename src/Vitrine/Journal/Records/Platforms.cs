using System.Text;

namespace Vitrine.Journal.Records;

/// <summary>Reads platforms.</summary>
public static class Platforms
{
    /// <summary>What a client calls its platform, in any case; <see cref="Platform.Unknown"/> when it is none of those.</summary>
    public static Platform Of(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "web"u8) ? Platform.Web
        : Ascii.EqualsIgnoreCase(text, "android"u8) ? Platform.Android
        : Ascii.EqualsIgnoreCase(text, "ios"u8) ? Platform.Ios
        : Ascii.EqualsIgnoreCase(text, "tv"u8) ? Platform.Tv
        : Platform.Unknown;

    /// <summary>The platform that a record means.</summary>
    /// <exception cref="InvalidDataException">A newer version has written it.</exception>
    internal static Platform Known(int platform) => platform <= (int)Platform.Tv
        ? (Platform)platform
        : throw new InvalidDataException($"Platform {platform} is not known to this version of the server.");
}
