using System.Net;
using System.Text;
using Vitrine.Dashboard;
using Vitrine.People;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Dashboard;

public sealed class SignInTests
{
    [Fact]
    public async Task The_link_of_the_start_makes_the_first_person_once()
    {
        await using var server = await TestServer.StartAsync();
        var code = server.Service<FirstPerson>().Code.ShouldNotBeNull();
        using var browser = new SignedInBrowser(server);
        (await (await browser.GetAsync("/welcome?code=wrong")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<form");
        (await browser.SubmitAsync($"/welcome?code={code}", "welcome", ("Form.Name", "ada"), ("Form.Password", "short"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var made = await browser.SubmitAsync($"/welcome?code={code}", "welcome", ("Form.Name", "Ada"), ("Form.Password", SignedInBrowser.Password));
        made.StatusCode.ShouldBe(HttpStatusCode.Found);
        server.Service<PersonStore>().Find("ada")!.Role.ShouldBe(Role.Admin);
        server.Service<FirstPerson>().Code.ShouldBeNull();
        (await (await browser.GetAsync($"/welcome?code={code}")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain("<form");
        server.Catalog.ReadAudit("", "ada", long.MaxValue, 10).ShouldHaveSingleItem().Note.Action.ShouldBe("create_person");
    }

    [Fact]
    public async Task The_cookie_is_out_of_reach_for_scripts_and_other_sites_and_lasts_over_a_restart()
    {
        using var folder = new TemporaryFolder();
        string cookie;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
            using var browser = new SignedInBrowser(server);
            using var answer = await browser.SignInAsync("ADA ", SignedInBrowser.Password);
            cookie = answer.Headers.GetValues("Set-Cookie").Single(static one => one.StartsWith("vitrine=", StringComparison.Ordinal));
            cookie.ShouldContain("httponly");
            cookie.ShouldContain("samesite=lax");
            cookie.ShouldNotContain("ada");
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        again.OpenShop();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        (await again.Client.SendAsync(request, TestContext.Current.CancellationToken)).RequestMessage!.RequestUri!.AbsolutePath.ShouldBe("/");
    }

    [Fact]
    public async Task A_form_that_was_not_read_here_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var browser = new SignedInBrowser(server);
        using var answer = await browser.PostAsync("/sign-in", ("_handler", "sign-in"), ("Form.Name", "ada"), ("Form.Password", SignedInBrowser.Password));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task After_ten_wrong_passwords_even_the_right_one_waits()
    {
        await using var server = await TestServer.StartAsync();
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var browser = new SignedInBrowser(server);
        for (var attempt = 0; attempt < SignInAttempts.Free; attempt++)
        {
            (await browser.SignInAsync("ada", "a wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var limited = await browser.SignInAsync("ada", SignedInBrowser.Password);
        limited.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        limited.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.FromMinutes(9));
        server.Time.Advance(SignInAttempts.Stretch);
        (await browser.SignInAsync("ada", SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_everybody_has_an_address_of_their_own()
    {
        await using var server = await TestServer.StartAsync(options: static options => options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")] });
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var stranger = new SignedInBrowser(server) { ForwardedFor = "198.51.100.7" };
        for (var attempt = 0; attempt < SignInAttempts.Free; attempt++)
        {
            (await stranger.SignInAsync($"somebody-{attempt}", "a wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await stranger.SignInAsync("ada", SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var ada = new SignedInBrowser(server) { ForwardedFor = "198.51.100.8" };
        (await ada.SignInAsync("ada", SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Nobody_else_is_believed_about_an_address()
    {
        await using var server = await TestServer.StartAsync();
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        for (var attempt = 0; attempt < SignInAttempts.Free; attempt++)
        {
            using var liar = new SignedInBrowser(server) { ForwardedFor = $"198.51.100.{attempt}" };
            (await liar.SignInAsync($"somebody-{attempt}", "a wrong password")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        using var another = new SignedInBrowser(server) { ForwardedFor = "198.51.100.99" };
        (await another.SignInAsync("ada", SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task A_name_that_nobody_can_have_is_refused_and_not_remembered()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = new SignedInBrowser(server);
        for (var attempt = 0; attempt <= SignInAttempts.Free; attempt++)
        {
            (await browser.SignInAsync(new string('x', PersonRules.MaximumNameLength + 1), SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Who_has_signed_out_is_signed_out_with_a_copy_of_the_cookie_too()
    {
        await using var server = await TestServer.StartAsync();
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var browser = new SignedInBrowser(server);
        (await browser.SignInAsync("ada", SignedInBrowser.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        using var copy = browser.Copy();
        (await copy.GetAsync("/w/SHOP/live")).StatusCode.ShouldNotBe(HttpStatusCode.Found);
        (await browser.SubmitAsync("/sign-out", "sign-out")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await copy.GetAsync("/w/SHOP/live")).Headers.Location!.ToString().ShouldContain("/sign-in");
    }

    [Fact]
    public async Task Who_has_signed_out_stays_signed_out_over_a_restart()
    {
        using var folder = new TemporaryFolder();
        SignedInBrowser copy;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            using var browser = await SignedInBrowser.OpenAsync(server, Role.Viewer);
            copy = browser.Copy();
            (await browser.SubmitAsync("/sign-out", "sign-out")).StatusCode.ShouldBe(HttpStatusCode.Found);
            server.Catalog.ReadAudit("", null, long.MaxValue, 1).ShouldHaveSingleItem().Note.Action.ShouldBe("sign_out");
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        using var later = copy.CopyAt(again);
        copy.Dispose();
        (await later.GetAsync("/w/SHOP/live")).Headers.Location!.ToString().ShouldContain("/sign-in");
    }

    [Fact]
    public async Task Sign_outs_are_forgotten_when_their_cookies_are_worth_nothing_anyway()
    {
        await using var server = await TestServer.StartAsync();
        var ended = server.Service<EndedSessions>();
        ended.Add("ada", "one");
        server.Time.Advance(Session.Life + TimeSpan.FromSeconds(1));
        ended.Add("ada", "another");
        ended.Contains("another").ShouldBeTrue();
        ended.Contains("one").ShouldBeFalse();
        Encoding.UTF8.GetString(server.Catalog.Find("", "ended_sessions", "all")!.Body).ShouldNotContain("\"one\"");
    }

    [Fact]
    public async Task Where_browsers_come_by_TLS_the_cookie_goes_by_TLS_only()
    {
        await using var server = await TestServer.StartAsync(options: static options => options with { PublicUrl = new Uri("https://vitrine.example.com") });
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var browser = new SignedInBrowser(server);
        using var answer = await browser.SignInAsync("ada", SignedInBrowser.Password);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        answer.Headers.GetValues("Set-Cookie").Single(static one => one.StartsWith("vitrine=", StringComparison.Ordinal)).ShouldContain("secure");
    }

    [Theory]
    [InlineData("/w/SHOP/live", "/w/SHOP/live")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    public async Task Signing_in_leads_to_this_server_only(string asked, string expected)
    {
        await using var server = await TestServer.StartAsync();
        server.Service<PersonStore>().Create("test", "ada", Role.Viewer, SignedInBrowser.Password);
        using var browser = new SignedInBrowser(server);
        using var answer = await browser.SignInAsync("ada", SignedInBrowser.Password, "?ReturnUrl=" + Uri.EscapeDataString(asked));
        new Uri(server.Client.BaseAddress!, answer.Headers.Location!).PathAndQuery.ShouldBe(expected);
    }

    [Fact]
    public async Task Pages_forbid_browsers_whatever_they_do_not_need()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.Client.GetAsync("/sign-in", TestContext.Current.CancellationToken);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("default-src 'none'; script-src 'self';");
        policy.ShouldContain("frame-ancestors 'none'");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }
}
