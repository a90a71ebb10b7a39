using System.Collections.Concurrent;
using System.Globalization;
using Prometheus;
using Vitrine.Hosting;

namespace Vitrine.Workspaces;

/// <summary>Counts the requests of keys and of environments, by the minute of the clock, and refuses what is beyond a limit.</summary>
/// <remarks>
/// Any thread may call. A minute and its count are one number, which is only ever replaced by comparing: of two requests at
/// the limit one is taken. Nobody waits for anybody, and what is refused is refused before its body is read: who is at a
/// limit takes nothing of the others' turns. Counts live in memory, one number for whatever is limited and was ever used;
/// what has no limit is not counted. Of a request that the environment's limit refuses, its key has been counted.
/// </remarks>
public sealed class RateLimiter(TimeProvider time, CollectorRegistry registry)
{
    private const int SecondsOfMinute = 60;

    private readonly ConcurrentDictionary<(string Whose, RequestKind? Kind), MinuteCount> _counts = new();
    private readonly Counter _refused = Metrics.WithCustomRegistry(registry).CreateCounter(
        "vitrine_rate_limited_requests_total", "Requests that were refused because a limit was reached, of a key or of the environment.", "environment", "limit");

    /// <summary>Takes a request. Where a limit is reached, it answers why, and says in the headers of the response when to come again.</summary>
    public ApiError? Refusal(HttpResponse response, in Caller caller, RequestKind kind) =>
        RefusalOfKey(response, caller) ?? RefusalOfEnvironment(response, caller.Environment, kind);

    private ApiError? RefusalOfKey(HttpResponse response, in Caller caller)
    {
        var (name, limit) = caller.Client is { } client ? (client.Key, client.RequestsPerMinute) : (caller.Secret!.Name, caller.Secret.RequestsPerMinute);
        return limit is { } most && !TryTake(name, null, most, out var secondsLeft)
            ? Refuse(response, caller.Environment, "key", $"This {(caller.Client is null ? "secret" : "client")} key takes {most:N0} requests a minute", most, secondsLeft)
            : null;
    }

    private ApiError? RefusalOfEnvironment(HttpResponse response, WorkspaceEnvironment environment, RequestKind kind) =>
        environment.Workspace.Settings.RateLimits.Of(kind) is { } most && !TryTake(environment.Id, kind, most, out var secondsLeft)
            ? Refuse(response, environment, "environment", $"{environment.Id} takes {most:N0} requests of this kind a minute", most, secondsLeft)
            : null;

    private ApiError Refuse(HttpResponse response, WorkspaceEnvironment environment, string limit, string reason, int most, int secondsLeft)
    {
        _refused.WithLabels(environment.Id, limit).Inc();
        var seconds = secondsLeft.ToString(CultureInfo.InvariantCulture);
        response.Headers.RetryAfter = seconds;
        response.Headers["x-ratelimit-limit"] = most.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-ratelimit-remaining"] = "0";
        response.Headers["x-ratelimit-reset"] = seconds;
        return ApiError.TooManyRequests(reason);
    }

    private bool TryTake(string whose, RequestKind? kind, int limit, out int secondsLeft)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        secondsLeft = SecondsOfMinute - (int)(now % SecondsOfMinute);
        return _counts.GetOrAdd((whose, kind), static _ => new MinuteCount()).TryTake(now / SecondsOfMinute, limit);
    }

    private sealed class MinuteCount
    {
        private const int CountBits = 32;

        private long _minuteAndCount;

        public bool TryTake(long minute, int limit)
        {
            while (true)
            {
                var seen = Interlocked.Read(ref _minuteAndCount);
                var count = seen >> CountBits == minute ? (uint)seen : 0;
                if (count >= limit)
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref _minuteAndCount, (minute << CountBits) | (count + 1), seen) == seen)
                {
                    return true;
                }
            }
        }
    }
}
