using System.Diagnostics;
using System.Net;

namespace Vitrine.Load;

/// <summary>A webhook that reads what it is sent, remembers the first large body, and answers 200.</summary>
internal sealed class Sink : IAsyncDisposable
{
    private const int EventsOfBody = 500;

    private readonly WebApplication _application;
    private byte[] _body = [];

    private Sink(WebApplication application) => _application = application;

    /// <summary>Where it listens.</summary>
    public Uri Address => new(new Uri(_application.Urls.First()), "/hook");

    /// <summary>How many bytes an event of the remembered body has.</summary>
    public int EventBytes => _body.Length / EventsOfBody;

    /// <summary>Starts one.</summary>
    public static async Task<Sink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new Sink(builder.Build());
        sink._application.Run(sink.TakeAsync);
        await sink._application.StartAsync();
        return sink;
    }

    /// <summary>Posts the remembered body again and again and answers how many events that were in a second.</summary>
    public async Task<double> PostAsync(int lanes, int seconds)
    {
        using var client = new HttpClient();
        var (started, posted) = (Stopwatch.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                using var answer = await client.PostAsync(Address, new ByteArrayContent(_body));
                answer.EnsureSuccessStatusCode();
                Interlocked.Add(ref posted, EventsOfBody);
            }
        })));
        return posted / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (_body.Length == 0 && body.Length > 50_000)
        {
            _body = body.ToArray();
        }

        context.Response.StatusCode = (int)HttpStatusCode.OK;
    }
}
