using System.Text.Json.Nodes;
using Vitrine.Retention;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Retention;

/// <summary>Makes hourly figures of a shop's events.</summary>
internal static class Retaining
{
    /// <summary>Keeps single events for so many days, and does at once what would be done within the hour.</summary>
    public static async Task KeepAsync(Shop shop, int? days)
    {
        shop.Server.Catalog.ChangeSettings(shop.Id, settings => settings with { RetentionDays = days });
        await LookAsync(shop.Server);
    }

    public static async Task LookAsync(TestServer server)
    {
        await server.Service<EventRetention>().LookAsync(TestContext.Current.CancellationToken);
        await server.ProjectedAsync();
    }

    /// <summary>The moment before which events go, for a workspace in UTC.</summary>
    public static long Until(int days) => new DateTimeOffset(Clock.Start.Date, TimeSpan.Zero).AddDays(-days).ToUnixTimeSeconds();

    /// <summary>A body of one event so many days ago.</summary>
    public static JsonObject Event(string customer, double daysAgo, Guid? uuid = null) => Bodies.One(
        element => element["customer_id"] = customer,
        action =>
        {
            action["moe_event_uuid"] = (uuid ?? Guid.NewGuid()).ToString();
            action["event_time"] = Clock.Now - (long)(daysAgo * 86_400);
        });
}
