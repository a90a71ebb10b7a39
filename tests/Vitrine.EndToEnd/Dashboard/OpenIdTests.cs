using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

[Collection(PagesAndApps.Name)]
public sealed partial class OpenIdTests(Browser browser)
{
    [Fact]
    public async Task Who_signs_in_at_the_service_has_the_role_that_it_says_each_time()
    {
        await using var service = await SignInService.StartAsync();
        await using var site = await Site.StartAsync("--openid-authority", service.Address, "--openid-client-id", SignInService.ClientId, "--openid-role-claim", "groups");
        service.Person = PersonWith(("groups", ["staff", "vitrine-admin"]));
        await using (var window = await browser.OpenAsync(site.Server.Address))
        {
            var page = await window.NewPageAsync();
            await SignInAsync(page, "/w/SHOP/settings");
            page.Url.ShouldEndWith("/w/SHOP/settings");
            await page.GetByRole(AriaRole.Heading, new() { Name = "People" }).WaitForAsync();
            (await page.GetByText("Your password").CountAsync()).ShouldBe(0, "the service keeps it");
        }

        service.Person = PersonWith(("groups", ["vitrine-viewer"]));
        await using var later = await browser.OpenAsync(site.Server.Address);
        var viewer = await later.NewPageAsync();
        await SignInAsync(viewer, "/w/SHOP/settings");
        await viewer.GetByRole(AriaRole.Heading, new() { Name = "Settings" }).WaitForAsync();
        (await viewer.GetByRole(AriaRole.Heading, new() { Name = "People" }).CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Behind_a_proxy_with_TLS_the_cookie_goes_by_TLS_only()
    {
        await using var service = await SignInService.StartAsync();
        await using var site = await Site.StartAsync(
            "--openid-authority", service.Address, "--openid-client-id", SignInService.ClientId, "--openid-strangers", "viewer", "--public-url", "https://vitrine.example");
        service.Person = PersonWith();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var begin = await http.GetAsync(new Uri(site.Server.Address, "/sign-in/openid"));
        using var confirmed = await http.GetAsync(begin.Headers.Location);
        confirmed.Headers.Location!.GetLeftPart(UriPartial.Path).ShouldBe("https://vitrine.example/sign-in/openid/callback");
        using var back = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Server.Address, confirmed.Headers.Location.PathAndQuery));
        back.Headers.Add("Cookie", string.Join("; ", begin.Headers.GetValues("Set-Cookie").Select(static cookie => cookie.Split(';')[0])));
        using var signedIn = await http.SendAsync(back);
        signedIn.Headers.GetValues("Set-Cookie").Single(static cookie => cookie.StartsWith("vitrine=", StringComparison.Ordinal)).ShouldContain("secure");
    }

    [Fact]
    public async Task Who_may_not_come_in_is_told_why()
    {
        await using var service = await SignInService.StartAsync();
        await using var site = await Site.StartAsync("--openid-authority", service.Address, "--openid-client-id", SignInService.ClientId);
        await using var window = await browser.OpenAsync(site.Server.Address);
        var page = await window.NewPageAsync();
        service.Person = PersonWith();
        await SignInAsync(page, "/");
        (await page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldContain("not here. Ask an admin to add you");

        await page.GotoAsync("/sign-in/openid/callback?code=stolen&state=made-up");
        (await page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldContain("did not confirm who you are");
        site.Server.Process.Errors.Concat(site.Server.Process.Output).ShouldContain(static line => line.Contains("The sign-in service did not let somebody in"));

        await service.DisposeAsync();
        await using var another = await Site.StartAsync("--openid-authority", service.Address, "--openid-client-id", SignInService.ClientId);
        await page.GotoAsync(new Uri(another.Server.Address, "/sign-in/openid").ToString());
        (await page.GetByRole(AriaRole.Alert).InnerTextAsync()).ShouldContain("cannot be reached");
    }

    private static Dictionary<string, string[]> PersonWith(params (string Claim, string[] Values)[] claims) => claims
        .Append(("sub", ["4711"])).Append(("email", ["Grace@example.com"]))
        .ToDictionary(static one => one.Item1, static one => one.Item2);

    /// <summary>Anywhere but where one signs in, or there with a reason.</summary>
    [GeneratedRegex("^(?!.*/sign-in)|refused=")]
    private static partial Regex BackAgain();

    private static async Task SignInAsync(IPage page, string target)
    {
        await page.GotoAsync(target);
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in at 127.0.0.1" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(BackAgain());
    }
}
