namespace Vitrine.Experiences.Devices;

/// <summary>What a user agent says of the device; names in UTF-8, empty where it does not say.</summary>
/// <remarks>
/// User agents are sentences that grew: each browser names those it descends from, so what is looked for first decides.
/// <see cref="OperatingSystemTokens"/>, <see cref="BrowserTokens"/> and <see cref="DeviceTypes"/> say it in order. A look costs some microseconds at most and
/// allocates nothing.
/// </remarks>
public readonly ref struct Device
{
    /// <summary>Bytes of a user agent that are looked at.</summary>
    public const int MaximumUserAgent = 1024;

    private Device(DeviceType type, ReadOnlySpan<byte> os, ReadOnlySpan<byte> browser)
    {
        Type = type;
        OperatingSystem = os;
        Browser = browser;
    }

    /// <summary>What kind it is.</summary>
    public DeviceType Type { get; }

    /// <summary>The name of the type; empty when the user agent does not say.</summary>
    public ReadOnlySpan<byte> TypeName => Type == DeviceType.Unknown ? default : DeviceTypes.Utf8Names[(int)Type];

    /// <summary>Its operating system, one of <see cref="OperatingSystems"/>.</summary>
    public ReadOnlySpan<byte> OperatingSystem { get; }

    /// <summary>Its browser, one of <see cref="Browsers"/>.</summary>
    public ReadOnlySpan<byte> Browser { get; }

    /// <summary>The names that a type can have.</summary>
    public static IReadOnlyList<string> Types { get; } = [.. Enum.GetNames<DeviceType>().Skip(1)];

    /// <summary>The names that an operating system can have.</summary>
    public static IReadOnlyList<string> OperatingSystems { get; } = DeviceToken.Names(OperatingSystemTokens.All);

    /// <summary>The names that a browser can have.</summary>
    public static IReadOnlyList<string> Browsers { get; } = DeviceToken.Names(BrowserTokens.All);

    /// <summary>Reads a user agent.</summary>
    /// <param name="userAgent">Its bytes, of which the first <see cref="MaximumUserAgent"/> count.</param>
    public static Device Of(ReadOnlySpan<byte> userAgent)
    {
        Span<byte> lower = stackalloc byte[MaximumUserAgent];
        userAgent = userAgent[..Math.Min(userAgent.Length, MaximumUserAgent)];
        for (var index = 0; index < userAgent.Length; index++)
        {
            lower[index] = userAgent[index] is >= (byte)'A' and <= (byte)'Z' ? (byte)(userAgent[index] | 0x20) : userAgent[index];
        }

        ReadOnlySpan<byte> text = lower[..userAgent.Length];
        var os = DeviceToken.Find(OperatingSystemTokens.All, text);
        return new Device(DeviceTypes.Of(text, os), os, DeviceToken.Find(BrowserTokens.All, text));
    }
}
