namespace Vitrine.Experiences.Devices;

/// <summary>What tells an operating system. The first that is found decides.</summary>
internal static class OperatingSystemTokens
{
    public static readonly DeviceToken[] All =
    [
        // A Windows phone says it is an Android and an iPhone, too.
        new("windows phone", "Windows Phone"),
        new("ipad", "iPadOS"),

        // An iPad that asks for pages made for desktops says it is a Macintosh; no Macintosh has these.
        new("macintosh", "iPadOS", also: " mobile/"),
        new("macintosh", "iPadOS", also: "crios/"),
        new("macintosh", "iPadOS", also: "fxios/"),
        new("macintosh", "iPadOS", also: "edgios/"),

        // Before macOS: these say they are like it.
        new("iphone", "iOS"),
        new("ipod", "iOS"),
        new("appletv", "tvOS"),
        new("apple tv", "tvOS"),
        new("(ios ", "iOS"),
        new("; ios ", "iOS"),

        new("windows", "Windows"),
        new("; cros ", "ChromeOS"),

        // Before Android and Linux, on which these stand.
        new("tizen", "Tizen"),
        new("web0s", "webOS"),
        new("webos", "webOS"),
        new("kaios", "KaiOS"),
        new("harmonyos", "HarmonyOS"),
        new("openharmony", "HarmonyOS"),

        new("android", "Android"),
        new("macintosh", "macOS"),
        new("mac os x", "macOS"),
        new("playstation", "PlayStation"),
        new("nintendo", "Nintendo"),
        new("roku", "Roku"),
        new("freebsd", "FreeBSD"),
        new("linux", "Linux"),
        new("x11;", "Linux"),
    ];
}
