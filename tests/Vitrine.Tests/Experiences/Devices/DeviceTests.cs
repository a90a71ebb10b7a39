using System.Text;
using CsCheck;
using Vitrine.Experiences.Devices;

namespace Vitrine.Tests.Experiences.Devices;

/// <summary>User agents in the shapes that browsers, apps, televisions and bots send, and what they say.</summary>
public sealed class DeviceTests
{
    private const string WebKit = "AppleWebKit/537.36 (KHTML, like Gecko)";
    private const string Apple = "AppleWebKit/605.1.15 (KHTML, like Gecko)";

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/126.0.0.0 Safari/537.36", "Desktop", "Windows", "Chrome")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.68", "Desktop", "Windows", "Edge")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763", "Desktop", "Windows", "Edge")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0", "Desktop", "Windows", "Firefox")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0", "Desktop", "Windows", "Opera")]
    [InlineData("Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18", "Desktop", "Windows", "Opera")]
    [InlineData("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; SLCC2; Tablet PC 2.0; rv:11.0) like Gecko", "Desktop", "Windows", "Internet Explorer")]
    [InlineData("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)", "Desktop", "Windows", "Internet Explorer")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/126.0.0.0 YaBrowser/24.6.0.0 Safari/537.36", "Desktop", "Windows", "Yandex Browser")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) " + WebKit + " Chrome/124.0.0.0 Safari/537.36 Vivaldi/6.7.3329.35", "Desktop", "Windows", "Vivaldi")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + WebKit + " Chrome/126.0.0.0 Safari/537.36", "Desktop", "macOS", "Chrome")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) " + Apple + " Version/17.5 Safari/605.1.15", "Desktop", "macOS", "Safari")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", "Desktop", "macOS", "Firefox")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) " + WebKit + " Chrome/126.0.0.0 Safari/537.36", "Desktop", "Linux", "Chrome")]
    [InlineData("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Desktop", "Linux", "Firefox")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) " + WebKit + " Chrome/126.0.0.0 Safari/537.36", "Desktop", "ChromeOS", "Chrome")]
    [InlineData("Mozilla/5.0 (X11; FreeBSD amd64; rv:115.0) Gecko/20100101 Firefox/115.0", "Desktop", "FreeBSD", "Firefox")]
    public void Desktops(string userAgent, string type, string os, string browser) => Check(userAgent, type, os, browser);

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) " + WebKit + " Chrome/126.0.0.0 Mobile Safari/537.36", "Mobile", "Android", "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S921B) " + WebKit + " SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Mobile", "Android", "Samsung Internet")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Mobile", "Android", "Firefox")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; HD1913) " + WebKit + " Chrome/126.0.6478.71 Mobile Safari/537.36 EdgA/125.0.2535.96", "Mobile", "Android", "Edge")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; VOG-L29) " + WebKit + " Chrome/126.0.6478.71 Mobile Safari/537.36 OPR/76.2.4027.73374", "Mobile", "Android", "Opera")]
    [InlineData("Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16", "Mobile", "Android", "Opera")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 13; en-in; Redmi Note 12 Build/TKQ1.221114.001) " + WebKit + " Version/4.0 Chrome/112.0.5615.136 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.5.0-gn", "Mobile", "Android", "Mi Browser")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 11; en-US; RMX2185 Build/RP1A.200720.011) " + WebKit + " Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.4.0.1306 Mobile Safari/537.36", "Mobile", "Android", "UC Browser")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; CUBOT P80 Build/TP1A) " + WebKit + " Chrome/126.0.0.0 Mobile Safari/537.36", "Mobile", "Android", "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A; wv) " + WebKit + " Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36", "Mobile", "Android", "Android WebView")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-A536B Build/TP1A; wv) " + WebKit + " Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36 Instagram 337.0.0.35.102 Android (33/13; 450dpi; 1080x2177)", "Mobile", "Android", "Instagram")]
    [InlineData("Mozilla/5.0 (Linux; U; Android 4.0.3; de-de; GT-I9100 Build/IML74K) AppleWebKit/534.30 (KHTML, like Gecko) Version/4.0 Mobile Safari/534.30", "Mobile", "Android", "Android Browser")]
    [InlineData("Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.13.0.322) " + WebKit + " Chrome/99.0.4844.88 HuaweiBrowser/14.0.3.312 Mobile Safari/537.36", "Mobile", "HarmonyOS", "Huawei Browser")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) " + Apple + " Version/17.5 Mobile/15E148 Safari/604.1", "Mobile", "iOS", "Safari")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) " + Apple + " CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Mobile", "iOS", "Chrome")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 14_5 like Mac OS X) " + Apple + " FxiOS/127.0 Mobile/15E148 Safari/605.1.15", "Mobile", "iOS", "Firefox")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) " + Apple + " Version/17.0 EdgiOS/125.0.2535.96 Mobile/15E148 Safari/604.1", "Mobile", "iOS", "Edge")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) " + Apple + " Version/17.5 Mobile/15E148 Safari/604.1 Ddg/17.5", "Mobile", "iOS", "DuckDuckGo")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) " + Apple + " GSA/322.0.639 Mobile/15E148 Safari/604.1", "Mobile", "iOS", "Google App")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) " + Apple + " Mobile/21F90 [FBAN/FBIOS;FBAV/469.0.0.37;FBDV/iPhone15,3]", "Mobile", "iOS", "Facebook")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) " + Apple + " Mobile/15E148", "Mobile", "iOS", "")]
    [InlineData("Mozilla/5.0 (iPod touch; CPU iPhone OS 12_5 like Mac OS X) " + Apple + " Version/12.1.2 Mobile/15E148 Safari/604.1", "Mobile", "iOS", "Safari")]
    [InlineData("Shop/4.2 (com.example.shop; build:7; iOS 17.5.1) Alamofire/5.9.1", "Mobile", "iOS", "")]
    [InlineData("Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A.230805.001)", "Mobile", "Android", "")]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) " + WebKit + " Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063", "Mobile", "Windows Phone", "Edge")]
    [InlineData("Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5", "Mobile", "KaiOS", "Firefox")]
    [InlineData("Mozilla/5.0 (Linux; Tizen 3.0; SAMSUNG SM-Z400F) " + WebKit + " SamsungBrowser/2.1 Chrome/47 Mobile Safari/537.36", "Mobile", "Tizen", "Samsung Internet")]
    public void Phones(string userAgent, string type, string os, string browser) => Check(userAgent, type, os, browser);

    [Theory]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) " + Apple + " Version/16.6 Mobile/15E148 Safari/604.1", "Tablet", "iPadOS", "Safari")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 13_5) " + Apple + " CriOS/126 Version/11.1.1 Safari/605.1.15", "Tablet", "iPadOS", "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-X700) " + WebKit + " Chrome/126.0.0.0 Safari/537.36", "Tablet", "Android", "Chrome")]
    [InlineData("Mozilla/5.0 (Android 13; Tablet; rv:127.0) Gecko/127.0 Firefox/127.0", "Tablet", "Android", "Firefox")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; KFMAWI) " + WebKit + " Silk/120.4.1 like Chrome/120.0.6099.230 Safari/537.36", "Tablet", "Android", "Silk")]
    [InlineData("Mozilla/5.0 (PlayBook; U; RIM Tablet OS 2.1.0; en-US) AppleWebKit/536.2+ (KHTML, like Gecko) Version/7.2.1.0 Safari/536.2+", "Tablet", "", "Safari")]
    public void Tablets(string userAgent, string type, string os, string browser) => Check(userAgent, type, os, browser);

    [Theory]
    [InlineData("Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) " + WebKit + " 85.0.4183.93/6.5 TV Safari/537.36", "TV", "Tizen", "")]
    [InlineData("Mozilla/5.0 (Web0S; Linux/SmartTV) " + WebKit + " Chrome/94.0.4606.128 Safari/537.36 WebAppManager", "TV", "webOS", "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 9; AFTMM Build/NS6265; wv) " + WebKit + " Version/4.0 Chrome/70.0.3538.110 Mobile Safari/537.36", "TV", "Android", "Android WebView")]
    [InlineData("Mozilla/5.0 (Linux; Android 12; BRAVIA 4K VH2) " + WebKit + " Chrome/124.0.0.0 Safari/537.36", "TV", "Android", "Chrome")]
    [InlineData("Mozilla/5.0 (X11; Linux armv7l) " + WebKit + " Chrome/90.0.4430.225 Safari/537.36 CrKey/1.56.500000", "TV", "Linux", "Chrome")]
    [InlineData("AppleTV11,1/11.1", "TV", "tvOS", "")]
    [InlineData("Roku/DVP-12.0 (12.0.0.4183-88)", "TV", "Roku", "")]
    [InlineData("Mozilla/5.0 (PlayStation; PlayStation 5/8.20) " + Apple + " Version/15.4 Safari/605.1.15", "TV", "PlayStation", "Safari")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) " + WebKit + " Chrome/121.0.0.0 Safari/537.36 Edg/121.0.2277.128", "TV", "Windows", "Edge")]
    [InlineData("Mozilla/5.0 (Linux; U; Linux; ja-jp; DTV; HbbTV/1.2.1 (+DRM;)) AppleWebKit/537.36", "TV", "Linux", "")]
    public void Televisions(string userAgent, string type, string os, string browser) => Check(userAgent, type, os, browser);

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) " + WebKit + " Chrome/126.0.6478.61 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")]
    [InlineData("Mozilla/5.0 " + WebKit + "; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36")]
    [InlineData("Mozilla/5.0 " + WebKit + "; compatible; GPTBot/1.2; +https://openai.com/gptbot)")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)")]
    [InlineData("Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)")]
    [InlineData("Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)")]
    [InlineData("Twitterbot/1.0")]
    [InlineData("TelegramBot (like TwitterBot)")]
    [InlineData("WhatsApp/2.23.20.0")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) " + WebKit + " HeadlessChrome/126.0.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)")]
    [InlineData("curl/8.7.1")]
    [InlineData("python-requests/2.32.3")]
    [InlineData("Go-http-client/2.0")]
    [InlineData("SomeBot")]
    public void Bots(string userAgent) => Device.Of(Encoding.UTF8.GetBytes(userAgent)).Type.ShouldBe(DeviceType.Bot, userAgent);

    [Theory]
    [InlineData("")]
    [InlineData("okhttp/4.12.0")]
    [InlineData("Talbots/3.1 CFNetwork/1496.0.7 Darwin/23.5.0")]
    [InlineData("Mozilla/5.0")]
    [InlineData("\u00e4\u00f6\u00fc \ud83d\ude00")]
    public void What_says_nothing_is_unknown(string userAgent) => Check(userAgent, "", "", "");

    [Fact]
    public void What_is_behind_1024_bytes_does_not_count()
    {
        var filler = new string('x', 1024 - 8);
        Check(filler + "Firefox/", "", "", "Firefox");
        Check(filler + "xFirefox/", "", "", "");
    }

    [Fact]
    public void Any_bytes_are_taken_and_say_a_name_of_the_lists() => Gen.Byte.Array[0, 2000].Sample(
        static bytes =>
        {
            var device = Device.Of(bytes);
            var (os, browser) = (Encoding.UTF8.GetString(device.OperatingSystem), Encoding.UTF8.GetString(device.Browser));
            (os.Length == 0 || Device.OperatingSystems.Contains(os)).ShouldBeTrue();
            (browser.Length == 0 || Device.Browsers.Contains(browser)).ShouldBeTrue();
        },
        iter: 500);

    [Fact]
    public void Nothing_is_allocated()
    {
        var userAgent = Encoding.UTF8.GetBytes("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0");
        _ = Device.Of(userAgent);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var count = 0; count < 1000; count++)
        {
            _ = Device.Of(userAgent);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Check(string userAgent, string type, string os, string browser)
    {
        var device = Device.Of(Encoding.UTF8.GetBytes(userAgent));
        string[] actual = [Encoding.UTF8.GetString(device.TypeName), Encoding.UTF8.GetString(device.OperatingSystem), Encoding.UTF8.GetString(device.Browser)];
        actual.ShouldBe([type, os, browser], userAgent);
        (device.Type == DeviceType.Unknown ? "" : device.Type.ToString()).ShouldBe(type);
    }
}
