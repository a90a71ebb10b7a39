using System.Text.Json;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.WebSdk;

[Collection(PagesAndApps.Name)]
public sealed class ReportingTests(Browser browser, SharedServer shared)
{
    private const string Banner = """<div style="height:1200px"></div><div id="banner" style="height:200px"><button data-button-id="buy" data-button-name="Buy now">Buy</button></div>""";

    [Fact]
    public async Task An_element_that_is_seen_for_a_second_is_an_impression_and_a_click_in_it_says_on_what()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        shop.Body = Banner;
        var page = await shop.OpenAsync();
        await page.EvaluateAsync("() => { vitrine.identify('ada'); vitrine.observe(document.getElementById('banner'), context); }");
        await page.EvaluateAsync("vitrine.flush()");
        shop.Reported.ShouldBeEmpty("it lies below what is visible");

        await page.EvaluateAsync("document.getElementById('banner').scrollIntoView()");
        var impression = (await shop.EventsAsync(1))[0];
        impression.GetProperty("action").GetString().ShouldBe("MOE_PERSONALIZATION_MESSAGE_SHOWN");
        impression.GetProperty("customer_id").GetString().ShouldBe("ada");
        impression.GetProperty("platform").GetString().ShouldBe("web");
        impression.GetProperty("moe_variation_id").GetString().ShouldBe("1");

        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.EvaluateAsync("document.getElementById('banner').scrollIntoView()");
        await page.GetByRole(AriaRole.Button, new() { Name = "Buy" }).ClickAsync();
        var click = (await shop.EventsAsync(2)).Single(static one => one.GetProperty("action").GetString() == "MOE_PERSONALIZATION_MESSAGE_CLICKED");
        var attributes = click.GetProperty("attributes");
        attributes.GetProperty("button_name").GetString().ShouldBe("Buy now");
        using var client = shop.Server.Client();
        (await client.TextAsync($"/api/v1/reports/experiences/{Bodies.Experience}?by=click_target&from=2020-01-01")).ShouldContain("\"buy\"");
    }

    [Fact]
    public async Task What_flits_by_is_no_impression()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        shop.Body = Banner;
        var page = await shop.OpenAsync();
        await page.Clock.InstallAsync();
        await page.Clock.PauseAtAsync(TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(1)); // From here on it goes as it is told.
        await page.EvaluateAsync("() => { vitrine.observe(document.getElementById('banner'), context); }");
        await SeeAsync(page, "document.getElementById('banner').scrollIntoView()", isSeen: true);
        await page.Clock.RunForAsync(900);
        await SeeAsync(page, "scrollTo(0, 0)", isSeen: false);
        await page.Clock.RunForAsync(5_000);
        (await page.EvaluateAsync<int>("vitrine.queued")).ShouldBe(0);
        await SeeAsync(page, "document.getElementById('banner').scrollIntoView()", isSeen: true);
        await page.Clock.RunForAsync(1_100);
        (await page.EvaluateAsync<int>("vitrine.queued")).ShouldBe(1);
        await page.Clock.RunForAsync(2_000); // Until it is sent.
        await shop.EventsAsync(1);
    }

    [Fact]
    public async Task A_page_of_the_vendors_sdk_changes_only_its_tag()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        await shop.PublishAsync("web-banner", "Hello {{ request.utm_medium }}");
        shop.Attributes = "data-moengage";
        shop.ScriptAddress = new Uri(shop.Server.Address, "/sdk/vitrine.js").ToString();
        var page = await shop.OpenAsync();
        var fetched = await page.EvaluateAsync<JsonElement>("MoEngage.personalize.fetchExperiences(['web-banner'], { utm_medium: 'mail' })");
        var experience = fetched.GetProperty("experiences").GetProperty("web-banner");
        experience.GetProperty("payload").GetProperty("title").GetProperty("value").GetString().ShouldBe("Hello mail");
        await page.EvaluateAsync("text => { const context = JSON.parse(text); Moengage.personalize.trackImpression(context); Moengage.personalize.trackClick(context, { button_id: 'b7' }); }", experience.GetProperty("experience_context").GetRawText());
        (await page.EvaluateAsync<JsonElement>("vitrine.fetchExperiencesMeta('Active')")).GetProperty("metadata").GetProperty("count").GetInt32().ShouldBe(1);
        var events = await shop.EventsAsync(2);
        events.Select(static one => one.GetProperty("customer_id").GetString()).Distinct().ShouldHaveSingleItem()!.Length.ShouldBe(36);
        events.ShouldAllBe(one => one.GetProperty("cid").GetString() == experience.GetProperty("experience_context").GetProperty("cid").GetString());
    }

    [Fact]
    public async Task The_made_up_id_stays_until_reset_and_who_is_identified_goes_before_it()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        var page = await shop.OpenAsync();
        var first = await page.EvaluateAsync<string>("vitrine.customerId");
        await page.ReloadAsync();
        (await page.EvaluateAsync<string>("vitrine.customerId")).ShouldBe(first);
        await page.EvaluateAsync("vitrine.identify('ada')");
        await page.ReloadAsync();
        (await page.EvaluateAsync<string>("vitrine.customerId")).ShouldBe("ada");
        await page.EvaluateAsync("vitrine.reset()");
        (await page.EvaluateAsync<string>("vitrine.customerId")).ShouldNotBeOneOf(first, "ada");
    }

    [Fact]
    public async Task A_refusal_says_what_was_wrong()
    {
        await using var shop = await WebShop.StartAsync(browser);
        shop.Attributes = "data-customer-id=\"guest\"";
        var page = await shop.OpenAsync();
        var refused = await page.EvaluateAsync<JsonElement>("vitrine.fetchExperiences('web-banner', { DAY_OF_THE_WEEK: 'funday' }).then(() => null, ({ name, code, status, message }) => ({ name, code, status, message }))");
        refused.GetProperty("name").GetString().ShouldBe("VitrineError");
        refused.GetProperty("status").GetInt32().ShouldBe(400);
        refused.GetProperty("code").GetString().ShouldBe("Invalid Field Value");
        await shop.KillAsync();
        (await page.EvaluateAsync<string>("vitrine.fetchExperiences().catch((fault) => fault.code)")).ShouldBe("network");
    }

    [Fact]
    public async Task The_address_with_the_version_fits_the_integrity_that_the_docs_page_shows()
    {
        await using var shop = await WebShop.StartAsync(browser, shared);
        using var http = new HttpClient();
        using var newest = await http.GetAsync(new Uri(shop.Server.Address, "/sdk/vitrine.js"));
        newest.Headers.CacheControl!.MaxAge.ShouldBe(TimeSpan.FromMinutes(10));
        var script = await newest.Content.ReadAsByteArrayAsync();
        var version = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(script).AsSpan(0, 8));
        shop.ScriptAddress = new Uri(shop.Server.Address, $"/sdk/{version}/vitrine.js").ToString();
        shop.Attributes = $"integrity=\"sha384-{Convert.ToBase64String(System.Security.Cryptography.SHA384.HashData(script))}\" crossorigin=\"anonymous\"";
        var page = await shop.OpenAsync();
        (await page.EvaluateAsync<int>("vitrine.queued")).ShouldBe(0);
        using var kept = await http.GetAsync(new Uri(shop.ScriptAddress));
        kept.Headers.CacheControl!.ToString().ShouldContain("immutable");
        (await http.GetAsync(new Uri(shop.Server.Address, "/sdk/0123456789abcdef/vitrine.js"))).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    /// <summary>Scrolls, and waits until the browser has told who observes.</summary>
    private static async Task SeeAsync(IPage page, string scroll, bool isSeen) => await page.EvaluateAsync($$"""
        () => new Promise((seen) => {
          const observer = new IntersectionObserver(([entry]) => {
            if ((entry.intersectionRatio >= 0.5) === {{(isSeen ? "true" : "false")}}) { observer.disconnect(); seen(); }
          }, { threshold: 0.5 });
          observer.observe(document.getElementById("banner"));
          {{scroll}};
        })
        """);
}
