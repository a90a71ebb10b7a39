using System.Diagnostics;
using System.Net;
using System.Text;
using NodaTime;
using Prometheus;
using Vitrine.Forwarding;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Load;

/// <summary>The product's server as <c>vitrine serve</c> starts it, on a data folder of its own, with a no-op beside it.</summary>
internal sealed class LoadedServer : IAsyncDisposable
{
    /// <summary>Whose events are sent.</summary>
    public const string Workspace = "LOAD";
    private static readonly byte[] NoOpAnswer =
        "{\"status\":\"success\",\"message\":\"Your request has been accepted and will be processed soon.\",\"req_id\":\"00000000\"}"u8.ToArray();

    private readonly WebApplication _application;
    private readonly DataDirectory _directory;
    private readonly IJournal _journal;
    private readonly Projector _projector;
    private readonly string _authorization;
    private readonly Uri _address;

    private LoadedServer(WebApplication application, DataDirectory directory, string key)
    {
        (_application, _directory) = (application, directory);
        _journal = application.Services.GetRequiredService<IJournal>();
        _projector = application.Services.GetRequiredService<Projector>();
        _authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Workspace}:{key}"));
        _address = new Uri(application.Urls.First());
    }

    /// <summary>Journal records that the projection has not reached.</summary>
    public long Lag => _journal.Head - _projector.Progress.Position;

    /// <summary>Starts a server with its data in <paramref name="folder"/>.</summary>
    public static async Task<LoadedServer> StartAsync(string folder, ProjectionOptions? projection = null, params IReadOnlyList<ForwardTarget> targets)
    {
        var options = new ServerOptions { Urls = "http://127.0.0.1:0", Data = folder, Forwarding = new ForwardingOptions { Targets = targets } };
        options = options with { Projection = projection ?? options.Projection };
        var directory = DataDirectory.Take(options.Data);
        var application = Server.Build(options, directory);
        application.MapPost("/v1/noop", (Func<HttpContext, Task>)AnswerNothingAsync);
        var key = WorkspaceRules.NewKey();
        if (application.Services.GetRequiredService<ICatalog>() is { Current.Workspaces.Count: 0 } catalog)
        {
            catalog.CreateWorkspace(Workspace, key, DateTimeZone.Utc);
        }

        await application.StartAsync();
        return new LoadedServer(application, directory, key);
    }

    /// <summary>Loads the no-op.</summary>
    public Task<Measurement> LoadNoOpAsync(Scenario scenario, LoadOptions options, int seconds) =>
        LoadAsync("/v1/noop", scenario, options, seconds);

    /// <summary>Loads the events endpoint and waits until everything that it acknowledged is projected.</summary>
    public Task<Measurement> LoadEventsAsync(Scenario scenario, LoadOptions options, int seconds) =>
        LoadAsync("/v1/experiences/events", scenario, options, seconds);

    /// <summary>Loads the fetch endpoint.</summary>
    public Task<Measurement> LoadFetchAsync(Scenario scenario, LoadOptions options, int seconds) =>
        LoadAsync("/v1/experiences/fetch", scenario, options, seconds);

    /// <summary>A client of the workspace's owner.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = _address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", _authorization);
        client.DefaultRequestHeaders.TryAddWithoutValidation("MOE-APPKEY", Workspace);
        return client;
    }

    /// <summary>The sum of a counter of <c>/metrics</c>.</summary>
    public async Task<long> CountAsync(string metric)
    {
        using var exposition = new MemoryStream();
        await _application.Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(exposition);
        return Encoding.UTF8.GetString(exposition.GetBuffer(), 0, (int)exposition.Length)
            .Split('\n')
            .Where(line => line.StartsWith(metric + " ", StringComparison.Ordinal) || line.StartsWith(metric + "{", StringComparison.Ordinal))
            .Sum(static line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<Measurement> LoadAsync(string path, Scenario scenario, LoadOptions options, int seconds)
    {
        GC.Collect(); // So that no measurement pays for the garbage of the one before.
        using var process = Process.GetCurrentProcess();
        var (cpu, allocated, position) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), _journal.Head);
        var started = Stopwatch.GetTimestamp();
        var wrk = await Wrk.RunAsync(new Uri(_address, path), scenario, options.Threads, seconds, Workspace, _authorization);
        var loaded = Stopwatch.GetElapsedTime(started);
        var lag = Lag;
        while (Lag > 0)
        {
            await Task.Delay(5);
        }

        var settled = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        return new Measurement(
            wrk,
            Records: _journal.Head - position,
            Lag: lag,
            Settling: settled - loaded,
            Settled: settled,
            Processor: process.TotalProcessorTime - cpu,
            Allocated: GC.GetTotalAllocatedBytes() - allocated);
    }

    /// <summary>Reads the body to its end and answers as many bytes as the real endpoint does.</summary>
    private static async Task AnswerNothingAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync();
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        context.Response.StatusCode = (int)HttpStatusCode.OK;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = NoOpAnswer.Length;
        await context.Response.BodyWriter.WriteAsync(NoOpAnswer);
    }
}
