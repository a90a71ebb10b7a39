namespace Vitrine.Experiences.Devices;

/// <summary>What tells a type of device. Bots are asked for first, then televisions, tablets, phones and desktops.</summary>
internal static class DeviceTypes
{
    private static readonly DeviceToken[] Bots = Tokens(
        "crawler", "spider", "slurp", "facebookexternalhit", "facebookcatalog", "externalagent", "mediapartners-google",
        "google-inspectiontool", "googleother", "google-read-aloud", "feedfetcher", "bingpreview", "skypeuripreview",
        "whatsapp/", "embedly", "ia_archiver", "headlesschrome", "phantomjs", "lighthouse", "gtmetrix", "pingdom",
        "statuscake", "site24x7", "datadogsynthetics", "uptime", "curl/", "wget/", "python-requests", "python-urllib", "aiohttp/", "python-httpx",
        "scrapy", "go-http-client", "java/", "apache-httpclient", "libwww-perl", "axios/", "node-fetch", "undici",
        "postmanruntime", "insomnia/", "httpie/", "guzzlehttp");

    private static readonly DeviceToken[] Televisions = Tokens(
        "smart-tv", "smarttv", "smart tv", "googletv", "google tv", "android tv", "androidtv", "appletv", "apple tv", "hbbtv",
        "netcast", "web0s", "webos.tv", "bravia", "; aft", "crkey", "roku", "viera", "vidaa", "nettv", "opera tv", "mitv", "mibox",
        "playstation", "xbox", "nintendo wiiu", "nintendo switch");

    private static readonly DeviceToken[] Phones = Tokens(
        "mobile", "mobi/", "opera mobi", "opera mini", "iphone", "ipod", "windows phone", "blackberry", "symbian", "midp");

    /// <summary>The names of the types, in UTF-8, by their numbers.</summary>
    public static readonly byte[][] Utf8Names = [.. Enum.GetNames<DeviceType>().Select(System.Text.Encoding.UTF8.GetBytes)];

    /// <summary>The type of a device.</summary>
    /// <param name="userAgent">The user agent in lower case.</param>
    /// <param name="os">The name of its operating system.</param>
    public static DeviceType Of(ReadOnlySpan<byte> userAgent, ReadOnlySpan<byte> os)
    {
        if (IsBot(userAgent))
        {
            return DeviceType.Bot;
        }

        if (Has(userAgent, Televisions))
        {
            return DeviceType.TV;
        }

        if (os.SequenceEqual("iPadOS"u8) || IsTablet(userAgent))
        {
            return DeviceType.Tablet;
        }

        if (os.SequenceEqual("Android"u8))
        {
            // A browser on a phone says Mobile, one on a tablet does not. An app says what it likes, mostly on phones.
            return Has(userAgent, Phones) || !userAgent.StartsWith("mozilla/"u8) ? DeviceType.Mobile : DeviceType.Tablet;
        }

        return Has(userAgent, Phones) || os.SequenceEqual("iOS"u8) ? DeviceType.Mobile
            : os.SequenceEqual("Windows"u8) || os.SequenceEqual("macOS"u8) || os.SequenceEqual("Linux"u8)
                || os.SequenceEqual("ChromeOS"u8) || os.SequenceEqual("FreeBSD"u8) ? DeviceType.Desktop
            : DeviceType.Unknown;
    }

    /// <summary>Words that end in "bot", except the phones of the brand Cubot; and whatever else is known as one.</summary>
    private static bool IsBot(ReadOnlySpan<byte> userAgent)
    {
        for (var rest = userAgent; rest.IndexOf("bot"u8) is >= 0 and var place;)
        {
            var isWordEnd = place + 3 == rest.Length || !char.IsAsciiLetterLower((char)rest[place + 3]);
            if (isWordEnd && !rest[..place].EndsWith("cu"u8))
            {
                return true;
            }

            rest = rest[(place + 3)..];
        }

        return Has(userAgent, Bots);
    }

    /// <summary>"Tablet PC" is a feature of Windows, on desktops as well.</summary>
    private static bool IsTablet(ReadOnlySpan<byte> userAgent) =>
        userAgent.IndexOf("kindle"u8) >= 0 || userAgent.IndexOf("playbook"u8) >= 0
        || (userAgent.IndexOf("tablet"u8) is >= 0 and var place && !userAgent[place..].StartsWith("tablet pc"u8));

    private static bool Has(ReadOnlySpan<byte> userAgent, DeviceToken[] tokens) => !DeviceToken.Find(tokens, userAgent).IsEmpty;

    private static DeviceToken[] Tokens(params string[] texts) => [.. texts.Select(static text => new DeviceToken(text, text))];
}
