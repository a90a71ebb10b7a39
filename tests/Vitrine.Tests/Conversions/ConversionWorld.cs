using System.Text.Json.Nodes;
using NodaTime;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Conversions;

/// <summary>A shop whose customers see, click and order at random, and what happened in plain lists.</summary>
public sealed class ConversionWorld
{
    public const int WindowHours = 24;

    public static IReadOnlyList<string> GoalNames { get; } = ["Ordered", "Large order", "Signed up"];

    private ConversionWorld(Shop shop, string experienceId) => (Shop, ExperienceId) = (shop, experienceId);

    public Shop Shop { get; }

    public string ExperienceId { get; }

    public List<Seen> Seen { get; } = [];

    public List<Done> Done { get; } = [];

    public static DateTimeZone Zone { get; } = DateTimeZoneProviders.Tzdb["Europe/Berlin"];

    /// <summary>Makes the world, and reports everything in an order of its own; sticky, most customers are shown the same variation each time.</summary>
    public static async Task<ConversionWorld> MakeAsync(TestServer server, ulong seed, ulong order, bool isSticky = false)
    {
        var shop = server.OpenShop("Europe/Berlin");
        var document = Authoring.Document();
        document["attribution_window_hours"] = WindowHours;
        document["goals"] = JsonNode.Parse("""
            [{"name":"Ordered","event":"order","revenue_attribute":"amount","currency":"EUR"},
             {"name":"Large order","event":"order","where":{"source":"event","name":"amount","op":"gte","value":50}},
             {"name":"Signed up","event":"signup"}]
            """);
        var experience = await shop.PublishedAsync(document);
        var world = new ConversionWorld(shop, (string)experience["id"]!);
        var random = new Seeded(seed);
        for (var count = 0; count < 700; count++)
        {
            var customer = random.Next(60);
            var variation = isSticky && !random.OneIn(40) ? customer % 2 : random.Next(2);
            world.Seen.Add(new Seen(
                random.Uuid(), $"customer-{customer}", random.OneIn(3), Time(random), random.Pick("web", "ios", "android"), $"{variation}", random.Pick("1", "2"), random.Pick<string?>(null, "buy", "more")));
        }

        for (var count = 0; count < 400; count++)
        {
            world.Done.Add(new Done(
                random.Uuid(),
                $"customer-{random.Next(70)}",
                random.Pick("order", "order", "signup", "other"),
                Time(random),
                random.Pick<string?>("12.50", "\"99.99\"", "0.1", "null", "\"much\"", "50", "-20", null),
                random.Pick<string?>(null, null, "\"usd\"", "\"EUR\"", "\"Euro\"", "7")));
        }

        await world.ReportAsync(new Seeded(order));
        return world;
    }

    private static long Time(Seeded random) => Clock.Now - random.Between(0, 5 * 86_400);

    private async Task ReportAsync(Seeded random)
    {
        var reports = Seen.Select(one => (Func<Task>)(async () => (await Shop.PostAsync(new JsonObject { ["elements"] = new JsonArray(one.Element(ExperienceId)) })).ShouldBeAccepted()))
            .Concat(Done.Select(one => (Func<Task>)(async () => (await Shop.PostGoalsAsync(one.Customer, one.Action())).ShouldBeAccepted())));
        foreach (var report in reports.Select(report => (report, Key: random.Next64())).OrderBy(static one => one.Key).ToList())
        {
            await report.report();
        }

        await Shop.Server.ProjectedAsync();
    }
}

/// <summary>An impression or a click.</summary>
public sealed record Seen(Guid Uuid, string Customer, bool IsClick, long Time, string Platform, string Variation, string Audience, string? Target)
{
    public string Day => Instant.FromUnixTimeSeconds(Time).InZone(ConversionWorld.Zone).Date.ToString("uuuu-MM-dd", null);

    public JsonObject Element(string experienceId)
    {
        var attributes = new JsonObject
        {
            ["cid"] = $"{experienceId}_F_T_WP_AB_{Variation}_P_0_AU_{Audience}",
            ["experience"] = "Checkout banner",
            ["moe_locale_id"] = "0",
            ["moe_variation_id"] = Variation,
            ["audience_name"] = "Audience " + Audience,
            ["audience_id"] = Audience,
        };
        if (Target is not null)
        {
            attributes["b_id"] = Target;
        }

        return new JsonObject
        {
            ["customer_id"] = Customer,
            ["actions"] = new JsonArray(new JsonObject
            {
                ["action"] = IsClick ? Bodies.Clicked : Bodies.Shown,
                ["moe_event_uuid"] = Uuid.ToString(),
                ["event_time"] = Time,
                ["platform"] = Platform,
                ["attributes"] = attributes,
            }),
        };
    }
}

/// <summary>Something that a customer did, its amount and currency as JSON.</summary>
public sealed record Done(Guid Uuid, string Customer, string Event, long Time, string? Amount, string? Currency)
{
    public JsonObject Action()
    {
        var attributes = new JsonObject();
        if (Amount is not null)
        {
            attributes["amount"] = JsonNode.Parse(Amount);
        }

        if (Currency is not null)
        {
            attributes["currency"] = JsonNode.Parse(Currency);
        }

        return new JsonObject { ["action"] = Event, ["current_time"] = Time, ["moe_event_uuid"] = Uuid.ToString(), ["attributes"] = attributes };
    }

    /// <summary>The goals that it reaches.</summary>
    public IEnumerable<string> Goals() => Event switch
    {
        "order" when Value >= 50 => ["Ordered", "Large order"],
        "order" => ["Ordered"],
        "signup" => ["Signed up"],
        _ => [],
    };

    /// <summary>The amount; null where there is none.</summary>
    public decimal? Value => Amount?.Trim('"') is { } text && decimal.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var amount) ? amount : null;

    /// <summary>What an order counts with: an amount whose currency nobody can tell is none.</summary>
    public (string Currency, decimal Amount, bool IsThere) Revenue => (Value, Currency) switch
    {
        (null, _) or (_, "\"Euro\"" or "7") => ("EUR", 0, false),
        ({ } amount, "\"usd\"") => ("USD", amount, true),
        ({ } amount, _) => ("EUR", amount, true),
    };
}
