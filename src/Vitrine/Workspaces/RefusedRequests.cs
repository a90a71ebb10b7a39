using System.Collections.Frozen;

namespace Vitrine.Workspaces;

/// <summary>Which endpoint a request was meant for.</summary>
public enum RequestFamily
{
    /// <summary><c>POST /v1/experiences/events</c>.</summary>
    Events,

    /// <summary><c>POST /v1/event/{workspaceId}</c>.</summary>
    Goals,

    /// <summary><c>POST /v1/customer/{workspaceId}</c>.</summary>
    Customers,
}

/// <summary>A request that was answered with 400 although its body could be read.</summary>
/// <param name="Family">For which endpoint it was meant.</param>
/// <param name="Body">What was sent, after decompression.</param>
/// <param name="RequestId">By which the answer named it.</param>
public sealed record RefusedRequest(RequestFamily Family, byte[] Body, string RequestId);

/// <summary>
/// Hands refused requests to whoever wants them; nobody does unless something is compared, and then a request costs one
/// look. Any thread. Whoever listens must not block.
/// </summary>
public sealed class RefusedRequests
{
    private volatile FrozenDictionary<string, IRefusedRequestListener[]> _listeners = FrozenDictionary<string, IRefusedRequestListener[]>.Empty;

    /// <summary>Whether anybody wants one of an environment, with a body of so many bytes. Never where customers have pseudonyms: a refused body has their own ids.</summary>
    public bool AreWanted(WorkspaceEnvironment environment, int length) =>
        _listeners.Count > 0 && environment.Workspace.Pseudonyms is null && _listeners.TryGetValue(environment.Id, out var listeners) && Array.Exists(listeners, one => one.Wants(length));

    /// <summary>By which an answer has named its request.</summary>
    public static string IdOf(HttpResponse response) => response.Headers["x-request-id"].ToString();

    /// <summary>Hands one on.</summary>
    public void Offer(string environmentId, RefusedRequest request)
    {
        foreach (var listener in _listeners.GetValueOrDefault(environmentId, []))
        {
            listener.Offer(request);
        }
    }

    /// <summary>Hands those of an environment to somebody, too. One at a time.</summary>
    public void Listen(string environmentId, IRefusedRequestListener listener)
    {
        var listeners = _listeners.ToDictionary();
        listeners[environmentId] = [.. listeners.GetValueOrDefault(environmentId, []), listener];
        _listeners = listeners.ToFrozenDictionary();
    }
}

/// <summary>Somebody who wants refused requests. Any thread calls; nothing may block.</summary>
public interface IRefusedRequestListener
{
    /// <summary>Whether there is room for a body of so many bytes; asked before it is copied. Where there is none, it is counted as dropped.</summary>
    bool Wants(int length);

    /// <summary>Takes one.</summary>
    void Offer(RefusedRequest request);
}
