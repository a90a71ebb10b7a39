using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Vitrine.EndToEnd.Dashboard;

/// <summary>A server with people who may sign in, and a window that watches what the pages do.</summary>
internal sealed partial class Site : IAsyncDisposable
{
    public const string Admin = "ada@example.com";
    public const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder;

    private Site(TemporaryFolder folder, ServerProcess server) => (_folder, Server) = (folder, server);

    public ServerProcess Server { get; }

    /// <summary>The link that the start printed.</summary>
    public string Welcome => WelcomeOf(Server);

    /// <summary>The link that a server's start printed.</summary>
    public static string WelcomeOf(ServerProcess server) => server.Process.Output.Select(static line => Link().Match(line)).First(static match => match.Success).Value;

    public static async Task<Site> StartAsync(params string[] arguments)
    {
        var folder = new TemporaryFolder();
        return new Site(folder, await ServerProcess.StartAsync(new ServerSetup(folder["data"]) { Arguments = arguments }));
    }

    /// <summary>Makes the first person in a window, who is signed in then.</summary>
    public async Task<IPage> FirstPersonAsync(IBrowserContext window)
    {
        var page = await WatchAsync(window);
        await page.GotoAsync(Welcome);
        await page.GetByLabel("Name").FillAsync(Admin);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make me admin" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Experiences", Exact = true }).WaitForAsync();
        return page;
    }

    /// <summary>A page of a window. What the browser complains about fails the test that looks at <see cref="Complaints"/>.</summary>
    public async Task<IPage> WatchAsync(IBrowserContext window)
    {
        var page = await window.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Complaints.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, fault) => Complaints.Add(fault);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is var asked && asked.Authority != Server.Address.Authority && asked.Scheme != "data")
            {
                Complaints.Add($"asked {request.Url}");
            }
        };
        return page;
    }

    /// <summary>What browsers complained about, and whom else they asked.</summary>
    public List<string> Complaints { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"http://\S+/welcome\?code=\S+")]
    private static partial Regex Link();
}
