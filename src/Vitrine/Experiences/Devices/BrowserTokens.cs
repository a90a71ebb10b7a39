namespace Vitrine.Experiences.Devices;

/// <summary>What tells a browser. The first that is found decides.</summary>
internal static class BrowserTokens
{
    public static readonly DeviceToken[] All =
    [
        // Apps that show pages within themselves stand behind the browser that they use.
        new("instagram", "Instagram"),
        new("[fban/", "Facebook"),
        new("[fbav/", "Facebook"),
        new("fb_iab/", "Facebook"),
        new("bytedancewebview", "TikTok"),
        new("musical_ly", "TikTok"),
        new("snapchat/", "Snapchat"),
        new("linkedinapp", "LinkedIn"),
        new("micromessenger/", "WeChat"),
        new("gsa/", "Google App"),

        // Browsers made from Chrome or Safari say so, too.
        new("edg/", "Edge"),
        new("edge/", "Edge"),
        new("edga/", "Edge"),
        new("edgios/", "Edge"),
        new("opr/", "Opera"),
        new("opera/", "Opera"),
        new("opera mini", "Opera"),
        new("opera mobi", "Opera"),
        new("opios/", "Opera"),
        new("opt/", "Opera"),
        new("opx/", "Opera"),
        new("samsungbrowser/", "Samsung Internet"),
        new("yabrowser/", "Yandex Browser"),
        new("vivaldi/", "Vivaldi"),
        new("brave/", "Brave"),
        new("duckduckgo/", "DuckDuckGo"),
        new("ddg/", "DuckDuckGo"),
        new("ucbrowser/", "UC Browser"),
        new("miuibrowser/", "Mi Browser"),
        new("huaweibrowser/", "Huawei Browser"),
        new("heytapbrowser/", "HeyTap Browser"),
        new("vivobrowser/", "Vivo Browser"),
        new("qqbrowser/", "QQ Browser"),
        new("whale/", "Whale"),
        new("silk/", "Silk"),
        new("fxios/", "Firefox"),
        new("focus/", "Firefox"),
        new("firefox/", "Firefox"),
        new("crios/", "Chrome"),
        new("; wv)", "Android WebView"),
        new("chrome/", "Chrome"),
        new("chromium/", "Chrome"),
        new("trident/", "Internet Explorer"),
        new("msie ", "Internet Explorer"),

        // The browser that Android had before Chrome; everything else that says Version and Safari, is Safari.
        new("version/", "Android Browser", also: "android"),
        new("safari/", "Safari", also: "version/"),
    ];
}
