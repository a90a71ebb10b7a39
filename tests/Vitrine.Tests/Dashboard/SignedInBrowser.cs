using System.Net;
using System.Text.RegularExpressions;
using Vitrine.People;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Dashboard;

/// <summary>A browser without a screen: it keeps cookies, fills forms in and follows nothing.</summary>
public sealed partial class SignedInBrowser : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly TestServer _server;
    private readonly Dictionary<string, string> _cookies;
    private readonly HttpClient _http;

    public SignedInBrowser(TestServer server)
        : this(server, [])
    {
    }

    private SignedInBrowser(TestServer server, Dictionary<string, string> cookies)
    {
        (_server, _cookies) = (server, cookies);
        _http = new HttpClient(new CookieJar(cookies)) { BaseAddress = server.Client.BaseAddress };
    }

    /// <summary>Another browser that somebody has given the cookies of this one.</summary>
    public SignedInBrowser Copy() => CopyAt(_server);

    /// <summary>Another browser with the cookies of this one, at another start of the server.</summary>
    public SignedInBrowser CopyAt(TestServer server) => new(server, new Dictionary<string, string>(_cookies));

    /// <summary>What a proxy on this machine would say of the address that the browser has.</summary>
    public string ForwardedFor
    {
        set => _http.DefaultRequestHeaders.Add("X-Forwarded-For", value);
    }

    /// <summary>One for a new person of a role; without a role for nobody.</summary>
    public static async Task<SignedInBrowser> OpenAsync(TestServer server, Role? role)
    {
        var browser = new SignedInBrowser(server);
        if (role is { } known)
        {
            var name = $"{known}-{Guid.NewGuid():N}".ToLowerInvariant();
            server.Service<PersonStore>().Create("test", name, known, Password);
            (await browser.SignInAsync(name, Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        }

        return browser;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SignInAsync(string name, string password, string query = "") =>
        SubmitAsync("/sign-in" + query, "sign-in", ("Form.Name", name), ("Form.Password", password));

    /// <summary>Reads a page with a form and sends the form.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await _http.GetStringAsync(path, TestContext.Current.CancellationToken);
        return await PostAsync(path, [("__RequestVerificationToken", Token().Match(page).Groups[1].Value), ("_handler", form), .. fields]);
    }

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => _http.PostAsync(
        path, new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value))), TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>Keeps cookies, those for TLS only too: the test stands where a proxy would.</summary>
    private sealed class CookieJar(Dictionary<string, string> cookies) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            if (cookies.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(static cookie => $"{cookie.Key}={cookie.Value}")));
            }

            var answer = await base.SendAsync(request, cancellation);
            foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                cookies[pair[0]] = pair[1];
            }

            return answer;
        }
    }

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
