using System.Globalization;
using Vitrine.Journal;

namespace Vitrine.Forwarding;

/// <summary>An item that is set aside: where it stands, and why. What it says stays in the journal alone.</summary>
/// <param name="Position">Its journal record.</param>
/// <param name="Element">Its element there; −1 where there are no elements.</param>
/// <param name="Action">Its place; −1 for attributes.</param>
/// <param name="Uuid">By which it is recognised.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Status">What the target answered.</param>
/// <param name="Reason">In a few words.</param>
/// <param name="At">Unix milliseconds of the refusal.</param>
internal sealed record AsideItem(long Position, int Element, int Action, string Uuid, string Kind, int Status, string Reason, long At);

/// <summary>How many requests were answered so by us and so by the target, on one day of UTC.</summary>
/// <param name="Day">As <c>2026-11-24</c>.</param>
/// <param name="Ours">Our status.</param>
/// <param name="Theirs">The target's.</param>
/// <param name="Requests">How many.</param>
/// <param name="LastRequestId">The last one, as our answer named it.</param>
internal sealed record ComparedAnswers(string Day, int Ours, int Theirs, long Requests, string LastRequestId);

/// <summary>What comes of a batch, besides that it is sent: kept with the bookmark, in one transaction. Any thread may add.</summary>
internal sealed class BatchOutcome
{
    private readonly Lock _gate = new();
    private readonly List<AsideItem> _aside = [];
    private readonly Dictionary<(string Day, int Theirs), (long Requests, long LastPosition)> _answers = [];
    private long _sent;

    /// <summary>Items that the target has taken.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>What it refused.</summary>
    public IReadOnlyList<AsideItem> Aside
    {
        get
        {
            lock (_gate)
            {
                return [.. _aside];
            }
        }
    }

    /// <summary>How it answered what we had accepted.</summary>
    public IReadOnlyList<ComparedAnswers> Answers
    {
        get
        {
            lock (_gate)
            {
                return [.. _answers.Select(static one => new ComparedAnswers(one.Key.Day, 200, one.Key.Theirs, one.Value.Requests, RequestId.Of(one.Value.LastPosition)))];
            }
        }
    }

    /// <summary>The target has taken so many items.</summary>
    public void Deliver(int items) => Interlocked.Add(ref _sent, items);

    /// <summary>The target refused an item for good.</summary>
    public void SetAside(AsideItem item)
    {
        lock (_gate)
        {
            _aside.Add(item);
        }
    }

    /// <summary>The target has answered a request that we had accepted.</summary>
    public void Compare(long receivedAt, int theirs, long position)
    {
        var key = (Day(DateTimeOffset.FromUnixTimeMilliseconds(receivedAt)), theirs);
        lock (_gate)
        {
            var (requests, last) = _answers.GetValueOrDefault(key);
            _answers[key] = (requests + 1, Math.Max(last, position));
        }
    }

    /// <summary>The day of a moment, in UTC.</summary>
    public static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
