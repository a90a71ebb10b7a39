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
    private volatile FrozenDictionary<string, Action<RefusedRequest>> _listeners = FrozenDictionary<string, Action<RefusedRequest>>.Empty;

    /// <summary>Whether anybody wants those of an environment. Never where customers have pseudonyms: a refused body has their own ids.</summary>
    public bool AreWanted(WorkspaceEnvironment environment) => _listeners.Count > 0 && environment.Workspace.Pseudonyms is null && _listeners.ContainsKey(environment.Id);

    /// <summary>By which an answer has named its request.</summary>
    public static string IdOf(HttpResponse response) => response.Headers["x-request-id"].ToString();

    /// <summary>Hands one on.</summary>
    public void Offer(string environmentId, RefusedRequest request) => _listeners.GetValueOrDefault(environmentId)?.Invoke(request);

    /// <summary>Hands those of an environment to somebody, too. Only while the server starts.</summary>
    public void Listen(string environmentId, Action<RefusedRequest> listener)
    {
        var listeners = _listeners.ToDictionary();
        listeners[environmentId] = listeners.GetValueOrDefault(environmentId) + listener;
        _listeners = listeners.ToFrozenDictionary();
    }
}
