using Dapper;
using Microsoft.Data.Sqlite;

namespace Vitrine.Forwarding;

/// <remarks>What was set aside, and how answers compare.</remarks>
internal sealed partial class ForwardingStore
{
    private Dictionary<string, long>? _asideCounts;

    /// <summary>What is set aside of a target, in the order of the journal, behind a place.</summary>
    public IReadOnlyList<AsideItem> Aside(string target, int most, AsideItem? after = null)
    {
        lock (_gate)
        {
            return [.. _connection
                .Query<(long Position, int Element, int Action, string Uuid, string Kind, int Status, string Reason, long At)>(
                    """
                    SELECT position, element, action, uuid, kind, status, reason, at
                    FROM aside WHERE target = @target AND (position, element, action) > (@position, @element, @action)
                    ORDER BY position, element, action LIMIT @most
                    """,
                    new { target, most, position = after?.Position ?? -1, element = after?.Element ?? -1, action = after?.Action ?? -1 })
                .Select(static one => new AsideItem(one.Position, one.Element, one.Action, one.Uuid, one.Kind, one.Status, one.Reason, one.At))];
        }
    }

    /// <summary>How much is set aside of each target; counted when it has changed.</summary>
    public IReadOnlyDictionary<string, long> AsideCounts()
    {
        lock (_gate)
        {
            return _asideCounts ??= _connection.Query<(string Target, long Count)>("SELECT target, count(*) FROM aside GROUP BY target").ToDictionary(static one => one.Target, static one => one.Count, StringComparer.Ordinal);
        }
    }

    /// <summary>Notes that an item is refused, or refused again.</summary>
    public void SetAside(string target, AsideItem item)
    {
        lock (_gate)
        {
            SetAside(target, item, null);
        }
    }

    /// <summary>Forgets an item: the target has taken it, or there is nothing of it any more.</summary>
    public void Settle(string target, AsideItem item, bool isSent)
    {
        lock (_gate)
        {
            _asideCounts = null;
            using var transaction = _connection.BeginTransaction();
            _connection.Execute("DELETE FROM aside WHERE target = @target AND position = @Position AND element = @Element AND action = @Action", new { target, item.Position, item.Element, item.Action }, transaction);
            _connection.Execute("UPDATE bookmark SET sent = sent + @sent WHERE target = @target", new { target, sent = isSent ? 1 : 0 }, transaction);
            transaction.Commit();
        }
    }

    /// <summary>Adds to how a target's answers compare with ours.</summary>
    public void Compare(string target, ComparedAnswers answers)
    {
        lock (_gate)
        {
            Compare(target, answers, null);
        }
    }

    /// <summary>How the answers of some days compare, by day and status.</summary>
    public IReadOnlyList<ComparedAnswers> Answers(string target, string from, string to)
    {
        lock (_gate)
        {
            return [.. _connection
                .Query<(string Day, int Ours, int Theirs, long Requests, string LastRequestId)>(
                    "SELECT day, ours, theirs, requests, last_request_id FROM answers WHERE target = @target AND day BETWEEN @from AND @to ORDER BY day, ours, theirs",
                    new { target, from, to })
                .Select(static one => new ComparedAnswers(one.Day, one.Ours, one.Theirs, one.Requests, one.LastRequestId))];
        }
    }

    private void SetAside(string target, AsideItem item, SqliteTransaction? transaction)
    {
        _asideCounts = null;
        _connection.Execute(
            """
            INSERT INTO aside (target, position, element, action, uuid, kind, status, reason, at) VALUES (@target, @Position, @Element, @Action, @Uuid, @Kind, @Status, @Reason, @At)
            ON CONFLICT DO UPDATE SET uuid = excluded.uuid, kind = excluded.kind, status = excluded.status, reason = excluded.reason, at = excluded.at
            """,
            new { target, item.Position, item.Element, item.Action, item.Uuid, item.Kind, item.Status, item.Reason, item.At },
            transaction);
    }

    private void Compare(string target, ComparedAnswers one, SqliteTransaction? transaction) => _connection.Execute(
        """
        INSERT INTO answers (target, day, ours, theirs, requests, last_request_id) VALUES (@target, @Day, @Ours, @Theirs, @Requests, @LastRequestId)
        ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, last_request_id = excluded.last_request_id
        """,
        new { target, one.Day, one.Ours, one.Theirs, one.Requests, one.LastRequestId },
        transaction);
}
