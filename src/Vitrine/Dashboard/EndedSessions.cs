using System.Collections.Frozen;
using System.Text.Json;
using Vitrine.People;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard;

/// <summary>Sessions that were signed out of: their cookies, and pages that are still open with them, are worth nothing any more.</summary>
/// <remarks>
/// Any thread may call any member. They are one document of the catalog, each kept for as long as a cookie lives without
/// being used, so that a start of the server does not bring a cookie back to life. What is known is replaced as a whole;
/// of two who sign out at the same time the second adds to what the first has written. Where the catalog cannot be
/// written, a session is ended until the server's next start.
/// </remarks>
internal sealed partial class EndedSessions : IDisposable
{
    private const string Kind = "ended_sessions";
    private const string Id = "all";
    private const int Attempts = 100;

    private readonly ICatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<EndedSessions> _logger;
    private readonly Lock _gate = new();
    private FrozenDictionary<string, DateTimeOffset> _ended = FrozenDictionary<string, DateTimeOffset>.Empty;
    private long _change = -1;
    private long _revision;

    /// <summary>Reads them, and follows the catalog until it is disposed of.</summary>
    public EndedSessions(ICatalog catalog, TimeProvider time, ILogger<EndedSessions> logger)
    {
        (_catalog, _time, _logger) = (catalog, time, logger);
        TakeOver();
        _catalog.DocumentsChanged += TakeOver;
    }

    /// <summary>Whether a session was signed out of.</summary>
    public bool Contains(string id) => Volatile.Read(ref _ended).ContainsKey(id);

    /// <summary>Notes that somebody signed out of one.</summary>
    public void Add(string name, string id)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            FrozenDictionary<string, DateTimeOffset> ended;
            long revision;
            lock (_gate)
            {
                var now = _time.GetUtcNow();
                ended = _ended.Where(one => now - one.Value <= Session.Life).Append(new(id, now)).DistinctBy(static one => one.Key).ToFrozenDictionary();
                revision = _revision;
                Volatile.Write(ref _ended, ended);
            }

            if (TryWrite(name, ended, revision))
            {
                return;
            }
        }

        NotKept("others sign out all the time");
    }

    /// <inheritdoc/>
    public void Dispose() => _catalog.DocumentsChanged -= TakeOver;

    /// <summary>False when somebody else wrote meanwhile.</summary>
    private bool TryWrite(string name, FrozenDictionary<string, DateTimeOffset> ended, long revision)
    {
        try
        {
            var write = new DocumentWrite(Kind, Id, revision, JsonSerializer.SerializeToUtf8Bytes<IReadOnlyDictionary<string, DateTimeOffset>>(ended));
            if (_catalog.TryWrite(PersonStore.Everywhere, new AuditNote(name, "sign_out", name, null), write) is not null)
            {
                return true;
            }

            TakeOver();
            return false;
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or IOException)
        {
            NotKept(fault.Message);
            return true;
        }
    }

    private void TakeOver()
    {
        lock (_gate)
        {
            try
            {
                foreach (var document in _catalog.ReadChanged(Kind, _change))
                {
                    var read = JsonSerializer.Deserialize<Dictionary<string, DateTimeOffset>>(document.Body)!;
                    Volatile.Write(ref _ended, _ended.UnionBy(read, static one => one.Key).ToFrozenDictionary());
                    (_change, _revision) = (document.Change, document.Revision);
                }
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or IOException or JsonException)
            {
                Behind(fault.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The catalog cannot be written; who signed out now is signed in again after a restart, for as long as the cookie lives: {Reason}")]
    private partial void NotKept(string reason);

    [LoggerMessage(LogLevel.Error, "The catalog cannot be read; who signed out elsewhere stays signed in here: {Reason}")]
    private partial void Behind(string reason);
}
