using System.Collections.Concurrent;

namespace Vitrine.Dashboard;

/// <summary>Sessions that were signed out of: their cookies, and pages that are still open with them, are worth nothing any more.</summary>
/// <remarks>
/// Any thread may call. Kept in memory for as long as a cookie lives without being used; a start of the server ends every
/// page's connection, and forgets them.
/// </remarks>
internal sealed class EndedSessions(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    /// <summary>Whether a session was signed out of.</summary>
    public bool Contains(string id) => _ended.ContainsKey(id);

    /// <summary>Notes that one was.</summary>
    public void Add(string id)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _ended.Where(one => now - one.Value > Session.Life))
        {
            _ended.TryRemove(old, out _);
        }

        _ended[id] = now;
    }
}
