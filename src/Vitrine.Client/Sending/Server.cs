using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Vitrine.Client.Sending;

/// <summary>The server that a client speaks to.</summary>
internal sealed class Server : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _isOwn;
    private readonly string _root;
    private readonly string _workspace;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public Server(VitrineOptions options)
    {
        Host = options.Host!;
        _root = options.Host!.AbsoluteUri.TrimEnd('/');
        _workspace = options.Workspace;
        _authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Workspace}:{options.Key}")));
        (_timeout, _time) = (options.RequestTimeout, options.TimeProvider);
        (_http, _isOwn) = options.HttpClient is { } given ? (given, false) : (Platform.NewHttpClient(), true);
    }

    /// <summary>Its address.</summary>
    public Uri Host { get; }

    /// <summary>Asks it something. Without an answer the status is 0; it throws only when the caller cancels.</summary>
    /// <param name="path">What.</param>
    /// <param name="body">JSON to post; null: get.</param>
    /// <param name="prefer">What answer is preferred; null: the usual one.</param>
    /// <param name="cancellation">The caller's.</param>
    public async Task<Answer> AskAsync(string path, byte[]? body, string? prefer, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, _root + path);
            request.Headers.Authorization = _authorization;
            request.Headers.Add("MOE-APPKEY", _workspace);
            if (prefer is not null)
            {
                request.Headers.Add("Prefer", prefer);
            }

            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token).ConfigureAwait(false);
            var text = await response.Content.ReadAsync(limit.Token).ConfigureAwait(false);
            return new Answer((int)response.StatusCode, Read(text), RetryAfterOf(response));
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or IOException && !cancellation.IsCancellationRequested)
        {
            return new Answer(0, default, null, fault is OperationCanceledException ? new TimeoutException($"no answer within {_timeout.TotalSeconds:0.#} s") : fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isOwn)
        {
            _http.Dispose();
        }
    }

    private static JsonElement Read(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter is { } after
        ? after.Delta ?? (after.Date is { } date ? date - _time.GetUtcNow() : null)
        : null;
}
