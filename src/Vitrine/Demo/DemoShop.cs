using System.Text.Json;
using NodaTime;
using Vitrine.Experiences;
using Vitrine.Workspaces;

namespace Vitrine.Demo;

/// <summary>The made-up shop: its workspace, and what it shows.</summary>
internal sealed class DemoShop(ICatalog catalog, ExperienceStore store, ExperienceAuthoring authoring)
{
    /// <summary>The workspace's id.</summary>
    public const string WorkspaceId = "DEMO";

    private const string By = "demo";

    /// <summary>What is shown, each as JSON that could be posted.</summary>
    private static readonly string[] Documents =
    [
        """
        {"key":"homepage-banner","name":"Homepage banner","tags":["home"],"priority":"High",
         "goals":[{"name":"Ordered","event":"Order Placed","revenue_attribute":"price","currency":"EUR"},{"name":"Signed up","event":"Signed Up"}],
         "audiences":[
           {"name":"Gold customers","match":{"all":[{"source":"user","name":"plan","op":"equals","value":"gold"}]},
            "variations":[{"name":"Early access","share":100,"payload":{"title":{"data_type":"string","value":"Welcome back, {{ user.name | default: 'friend' }}"}}}]},
           {"name":"Everybody","variations":[
             {"name":"Default","share":34,"payload":{"title":{"data_type":"string","value":"Winter is here"},"percent":{"data_type":"number","value":0}}},
             {"name":"Free shipping","share":33,"payload":{"title":{"data_type":"string","value":"Free shipping this week"},"percent":{"data_type":"number","value":0}}},
             {"name":"Ten per cent","share":33,"payload":{"title":{"data_type":"string","value":"10 % off today"},"percent":{"data_type":"number","value":10}}}]}]}
        """,
        """
        {"key":"checkout-help","name":"Checkout help","tags":["checkout"],
         "goals":[{"name":"Ordered","event":"Order Placed","revenue_attribute":"price","currency":"EUR"}],
         "audiences":[{"name":"Everybody","variations":[
           {"name":"Default","share":50,"payload":{"text":{"data_type":"string","value":""}}},
           {"name":"Chat","share":50,"payload":{"text":{"data_type":"string","value":"Can we help?"}}}]}]}
        """,
        """
        {"key":"search-hints","name":"Search hints","tags":["search"],"priority":"Low",
         "goals":[{"name":"Signed up","event":"Signed Up"}],
         "audiences":[
           {"name":"On a telephone","match":{"all":[{"source":"device","name":"type","op":"equals","value":"Mobile"}]},
            "variations":[{"name":"Short","share":100,"payload":{"hint":{"data_type":"string","value":"Try “boots”"}}}]},
           {"name":"Everybody","variations":[
             {"name":"Default","share":50,"payload":{"hint":{"data_type":"string","value":"Search"}}},
             {"name":"Examples","share":50,"payload":{"hint":{"data_type":"string","value":"Try “winter boots” or “rain jacket”"}}}]}]}
        """,
    ];

    /// <summary>Makes the workspace, where it is not there, and answers a key that opens it from now on.</summary>
    public static string Open(ICatalog catalog)
    {
        var key = WorkspaceRules.NewKey();
        if (catalog.Current.Find(WorkspaceId) is null)
        {
            catalog.CreateWorkspace(WorkspaceId, key, DateTimeZoneProviders.Tzdb["Europe/Berlin"]);
        }
        else
        {
            catalog.RotateKey(WorkspaceId, key, TimeSpan.Zero);
        }

        return key;
    }

    /// <summary>Publishes what is shown, where it is not published; answers whether this shop is new.</summary>
    public bool Furnish()
    {
        var environment = catalog.Current.Find(WorkspaceId)!;
        if (store.Of(WorkspaceId).ByKey.Count > 0)
        {
            return false;
        }

        foreach (var document in Documents)
        {
            using var json = JsonDocument.Parse(document);
            var made = authoring.Create(environment, By, json.RootElement);
            authoring.Publish(environment, By, made.Key, null);
        }

        return true;
    }

    /// <summary>What is shown, with the ids that it got.</summary>
    public IReadOnlyList<StoredExperience> Experiences => [.. store.Of(WorkspaceId).ByKey.Values.Where(static one => one.Live is not null)];
}
