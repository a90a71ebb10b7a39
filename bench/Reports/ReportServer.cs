using System.Diagnostics;
using System.Globalization;
using System.Text;
using NodaTime;
using Prometheus;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.People;
using Vitrine.Projection;
using Vitrine.Reports;
using Vitrine.Workspaces;

namespace Vitrine.ReportBench;

/// <summary>The product's server on a made data folder, asked over HTTP.</summary>
internal sealed class ReportServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly DataDirectory _directory;
    private readonly HttpClient _client;

    private ReportServer(WebApplication application, DataDirectory directory, HttpClient client) =>
        (_application, _directory, _client) = (application, directory, client);

    /// <summary>Starts it and waits until the projection is open.</summary>
    /// <param name="folder">The data.</param>
    /// <param name="withPages">Whether reports may keep pages.</param>
    public static async Task<ReportServer> StartAsync(DataFolder folder, bool withPages)
    {
        var options = new ServerOptions { Urls = "http://127.0.0.1:0", Data = folder.Path };
        options = withPages ? options : options with { Reports = new ReportsOptions { PageMemoryBytes = 0 } };
        var directory = DataDirectory.Take(options.Data);
        var application = Server.Build(options, directory);
        var key = WorkspaceRules.NewKey();
        var catalog = application.Services.GetRequiredService<ICatalog>();
        if (catalog.Current.Workspaces.Count == 0)
        {
            catalog.CreateWorkspace(DataFolder.Workspace, key, DateTimeZone.Utc);
        }
        else
        {
            catalog.RotateKey(DataFolder.Workspace, key, TimeSpan.Zero);
        }

        await application.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(application.Urls.First()), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Add("MOE-APPKEY", DataFolder.Workspace);
        client.DefaultRequestHeaders.Add(
            "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DataFolder.Workspace}:{key}")));
        var journal = application.Services.GetRequiredService<IJournal>();
        await application.Services.GetRequiredService<Projector>().WaitForAsync(journal.Head, TimeSpan.FromMinutes(30), CancellationToken.None);
        return new ReportServer(application, directory, client);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _client.BaseAddress!;

    /// <summary>Lets somebody sign in to the dashboard.</summary>
    public void AddPerson(string name, string password)
    {
        var people = _application.Services.GetRequiredService<PersonStore>();
        if (people.Find(name) is null)
        {
            people.Create("bench", name, Role.Viewer, password);
        }
    }

    /// <summary>Asks once.</summary>
    public async Task<Asked> AskAsync(string path)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        using var answer = await _client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        var time = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        return answer.IsSuccessStatusCode
            ? new Asked(time, process.TotalProcessorTime - processor, text)
            : throw new InvalidOperationException($"{path} answered {answer.StatusCode}: {text}");
    }

    /// <summary>Sends JSON, or nothing; answers what came.</summary>
    public async Task<string> PostAsync(string path, string? json)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _client.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{path} answered {answer.StatusCode}: {text}");
    }

    /// <summary>Memory of the pages, in bytes.</summary>
    public async Task<long> PageBytesAsync()
    {
        using var exposition = new MemoryStream();
        await _application.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(exposition);
        return Encoding.UTF8.GetString(exposition.GetBuffer(), 0, (int)exposition.Length)
            .Split('\n')
            .Where(static line => line.StartsWith("vitrine_report_page_bytes ", StringComparison.Ordinal))
            .Sum(static line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>One answer.</summary>
/// <param name="Time">From the question to the answer's end.</param>
/// <param name="Processor">Processor time of the whole process meanwhile.</param>
/// <param name="Text">The answer.</param>
internal sealed record Asked(TimeSpan Time, TimeSpan Processor, string Text);
