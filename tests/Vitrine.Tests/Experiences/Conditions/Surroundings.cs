using System.Text.Json.Nodes;
using Vitrine.Tests.Experiences.Geography;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>A few user agents and addresses, and what is known of them.</summary>
internal static class Surroundings
{
    public static readonly Dictionary<string, JsonObject> Devices = new()
    {
        ["Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"] =
            new() { ["type"] = "Mobile", ["os"] = "Android", ["browser"] = "Chrome" },
        ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"] =
            new() { ["type"] = "Desktop", ["os"] = "macOS", ["browser"] = "Safari" },
        ["Shop/4.2 (com.example.shop; build:7; iOS 17.5.1) Alamofire/5.9.1"] = new() { ["type"] = "Mobile", ["os"] = "iOS" },
        ["okhttp/4.12.0"] = [],
    };

    public static readonly Dictionary<string, JsonObject> Places = new()
    {
        ["203.0.113.7"] = new() { ["country"] = "IN", ["region"] = new JsonArray("KA", "Karnataka"), ["city"] = "Bengaluru" },
        ["2001:db8::1"] = new() { ["country"] = "DE" },
        ["198.51.100.1"] = new() { ["country"] = "BR", ["region"] = "São Paulo", ["city"] = "Campinas" },
        ["192.0.2.1"] = [],
    };

    /// <summary>A file that knows these places.</summary>
    public static MaxMindFile File() => new MaxMindFile()
        .Add("203.0.113.0/24", new Dictionary<string, object>
        {
            ["country"] = new Dictionary<string, object> { ["iso_code"] = "IN" },
            ["subdivisions"] = new object[] { new Dictionary<string, object> { ["iso_code"] = "KA", ["names"] = new Dictionary<string, object> { ["en"] = "Karnataka" } } },
            ["city"] = new Dictionary<string, object> { ["names"] = new Dictionary<string, object> { ["en"] = "Bengaluru" } },
        })
        .Add("2001:db8::/32", new Dictionary<string, object> { ["country_code"] = "DE" })
        .Add("198.51.100.0/24", new Dictionary<string, object> { ["country_code"] = "BR", ["state1"] = "São Paulo", ["city"] = "Campinas" });
}
