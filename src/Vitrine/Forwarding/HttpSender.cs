using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Vitrine.Forwarding;

/// <summary>Sends requests and judges answers, for the targets that speak HTTP.</summary>
internal sealed class HttpSender(TimeSpan timeout, TimeProvider time) : IDisposable
{
    private const int MostOfAnAnswer = 64 * 1024;
    private static readonly TimeSpan PatienceWithABody = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // A moved receiver is the operator's to name: a redirect must not carry keys elsewhere.
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Each request has a limit of its own.
    };

    /// <summary>Tries a request once.</summary>
    public async Task<Delivery> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var judged = Judge(response);
            await DrainAsync(response, either.Token);
            return judged;
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Delivery(Verdict.Failed, 0, limit.IsCancellationRequested ? $"no answer within {timeout.TotalSeconds:0} s" : Describe(fault));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Delivery Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var said = $"answered {status}{(Enum.IsDefined(response.StatusCode) ? $" {response.StatusCode}" : "")}";
        return response.IsSuccessStatusCode ? new Delivery(Verdict.Delivered, status, said)
            : response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity ? new Delivery(Verdict.Refused, status, said)
            : new Delivery(Verdict.Failed, status, said) { RetryAfter = RetryAfter(response) };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } after ? null
        : after.Delta ?? (after.Date is { } date && date > time.GetUtcNow() ? date - time.GetUtcNow() : null);

    /// <summary>An answer that is read to its end leaves the connection for the next request. It is judged by its status; one that does not end soon is let go.</summary>
    private async Task DrainAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(PatienceWithABody, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[4096];
            for (int total = 0, read; total < MostOfAnAnswer && (read = await body.ReadAsync(buffer, either.Token)) > 0;)
            {
                total += read;
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            // The status was there; disposing of the answer closes the connection.
        }
    }

    /// <summary>A fault without its message, which may name anything.</summary>
    private static string Describe(Exception fault) => fault switch
    {
        { InnerException: AuthenticationException } => "its certificate is not trusted, or TLS fails otherwise",
        { InnerException: SocketException socket } => $"no connection: {socket.SocketErrorCode}",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and var error } => $"no answer: {error}",
        _ => $"no answer: {fault.GetType().Name}",
    };
}
