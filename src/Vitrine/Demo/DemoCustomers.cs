using System.Globalization;
using System.Text.Json.Nodes;
using Vitrine.Experiences;
using Vitrine.Journal.Records;

namespace Vitrine.Demo;

/// <summary>Made-up customers: what they see, and what they do then, at rates that differ by variation.</summary>
/// <remarks>The numbers are the same for each start of a new demo. Belongs to one thread.</remarks>
internal sealed class DemoCustomers
{
    private static readonly string[] Platforms = ["web", "web", "web", "android", "ios"];
    private readonly DemoNumbers _random = new(20261125);

    /// <summary>A customer of the past: the element that reports what was seen and clicked, and the actions that report what came of it.</summary>
    public (JsonObject Element, JsonArray Actions) Visit(string customer, StoredExperience shown, DateTimeOffset at)
    {
        var audience = shown.Live!.Document.Audiences[^1];
        var variation = audience.Variations[Drawn(audience.Variations)];
        var context = new JsonObject
        {
            ["cid"] = $"{shown.Experience.Id}_F_T_WP_AB_{variation.Id}_P_0_AU_{audience.Id}",
            ["experience"] = shown.Live.Document.Name,
            ["moe_locale_id"] = variation.LocaleId ?? "0",
            ["moe_variation_id"] = variation.Id,
            ["audience_name"] = audience.Name,
            ["audience_id"] = audience.Id,
        };
        var (actions, done) = React(context, audience.Variations.ToList().IndexOf(variation), at);
        return (new JsonObject { ["customer_id"] = customer, ["actions"] = actions }, done);
    }

    /// <summary>What a customer does who sees something.</summary>
    /// <param name="context">The experience context.</param>
    /// <param name="place">Which variation it is: later ones are clicked more.</param>
    /// <param name="at">When.</param>
    public (JsonArray Actions, JsonArray Done) React(JsonObject context, int place, DateTimeOffset at)
    {
        var platform = Platforms[_random.Next(Platforms.Length)];
        var actions = new JsonArray(Event(EventActions.Shown, context, platform, at));
        var clicks = _random.NextDouble() < 0.05 + (0.012 * place);
        if (clicks)
        {
            context = (JsonObject)context.DeepClone();
            context["b_id"] = _random.Next(3) == 0 ? "more" : "buy";
            actions.Add((JsonNode)Event(EventActions.Clicked, context, platform, at.AddSeconds(5 + _random.Next(40))));
        }

        var done = new JsonArray();
        if (_random.NextDouble() < (clicks ? 0.2 : 0.01))
        {
            done.Add((JsonNode)Done("Order Placed", platform, at.AddMinutes(2 + _random.Next(20)), new JsonObject
            {
                ["price"] = Math.Round(15 + (Math.Exp(_random.NextDouble() * 3) * 8), 2),
                ["currency"] = _random.Next(12) == 0 ? "USD" : "EUR",
            }));
        }

        if (_random.NextDouble() < (clicks ? 0.15 : 0.004))
        {
            done.Add((JsonNode)Done("Signed Up", platform, at.AddMinutes(1 + _random.Next(10)), []));
        }

        return (actions, done);
    }

    /// <summary>A moment of a day: more in the evening than at night.</summary>
    public TimeSpan Moment() => TimeSpan.FromHours(Math.Clamp(16 + (5 * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5)), 0, 23.9));

    /// <summary>A number below a limit.</summary>
    public int Next(int limit) => _random.Next(limit);

    private int Drawn(IReadOnlyList<VariationDocument> variations)
    {
        var left = (decimal)_random.NextDouble() * 100;
        for (var place = 0; place < variations.Count - 1; place++)
        {
            left -= variations[place].Share ?? 0;
            if (left < 0)
            {
                return place;
            }
        }

        return variations.Count - 1;
    }

    private static JsonObject Event(string action, JsonObject context, string platform, DateTimeOffset at) => new()
    {
        ["action"] = action,
        ["moe_event_uuid"] = Uuid(),
        ["event_time"] = at.ToUnixTimeSeconds(),
        ["platform"] = platform,
        ["attributes"] = context.DeepClone(),
    };

    private static JsonObject Done(string name, string platform, DateTimeOffset at, JsonObject attributes) => new()
    {
        ["action"] = name,
        ["moe_event_uuid"] = Uuid(),
        ["current_time"] = at.ToUnixTimeSeconds(),
        ["platform"] = platform,
        ["attributes"] = attributes,
    };

    private static string Uuid() => Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);
}
