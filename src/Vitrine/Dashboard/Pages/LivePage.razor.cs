using System.Text.Encodings.Web;
using System.Text.Json;
using Vitrine.Dashboard.Charts;
using Vitrine.Dashboard.Layout;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Reports;

namespace Vitrine.Dashboard.Pages;

/// <summary>What comes in, as it comes in; and what became of any event.</summary>
public sealed partial class LivePage
{
    private const int Kept = 200;
    private const int ReadAtOnce = 100;
    private const int RateSeconds = 10;
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly string?[] Outcomes = [null, "stored", "duplicate", "rejected"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Line> _tail = [];
    private readonly Queue<long> _counts = new();
    private LedgerEntry? _ledger;
    private IReadOnlyList<string> _ledgerStarts = [];
    private IReadOnlyList<ChartSeries> _ledgerSeries = [];
    private EventReceipts? _found;
    private RequestReceipt? _request;
    private string? _notFound;
    private string _sought = "";
    private string _filter = "";
    private string? _outcome;
    private bool _isPaused;
    private long _passed;
    private long _after = -1;
    private double _rate;
    private bool _isLedgerOpen;

    private IEnumerable<Line> Shown => _tail.Where(line => (_outcome is null || line.Outcome == _outcome)
        && (_filter.Length == 0 || line.Text.Contains(_filter, StringComparison.OrdinalIgnoreCase) || line.Why?.Contains(_filter, StringComparison.OrdinalIgnoreCase) == true));

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        _tail.Clear();
        _counts.Clear();
        (_after, _passed, _rate) = (-1, 0, 0);
        _ = FollowAsync(cancellation); // Whatever becomes of the books.
        var (range, scale) = (Range, View.Scale(Zone, Now));
        var (_, total, buckets) = await Reports.ReadAsync(Environment!, connection => Ledger.Read(connection, Environment!.Id, range, scale), cancellation);
        _ledger = total;
        var entries = buckets.ToDictionary(static bucket => ChartMoments.StartOf(bucket.Start), static bucket => bucket.Entry.Events);
        var moments = ChartMoments.Of(range, entries.Keys, scale, Now);
        _isLedgerOpen = ChartMoments.IsLastOpen(moments, scale, Zone, Now);
        _ledgerStarts = [.. moments.Select(moment => ChartMoments.Text(moment, scale, Zone))];
        ChartSeries Course(string name, string colour, Func<EventCounts, long> count) =>
            new(name, colour, [.. moments.Select(moment => (double?)(entries.TryGetValue(moment, out var events) ? count(events) : 0))]);
        _ledgerSeries =
        [
            Course("stored", "var(--blue)", static events => events.Stored),
            Course("duplicate", "var(--orange)", static events => events.Duplicate),
            Course("rejected", "var(--vermilion)", static events => events.Rejected),
        ];
    }

    /// <summary>Looks each second what has come. Ends with the page.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Beat, Time);
        try
        {
            do
            {
                if (!_isPaused)
                {
                    await TryReadAsync(stop);
                }

                StateHasChanged();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Somebody looks at something else by now.
        }
        catch (Exception fault)
        {
            await DispatchExceptionAsync(fault);
        }
    }

    private async Task TryReadAsync(CancellationToken stop)
    {
        try
        {
            await ReadAsync(stop);
        }
        catch (Exception fault) when (Fault.IsExpected(fault))
        {
            // What came meanwhile is there with the next beat.
        }
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        var after = _after;
        var (requests, events, passed) = await Reports.ReadAsync(
            Environment!, connection => RecentRequests.Read(connection, Journal, Environment!.Id, ref after, ReadAtOnce), stop);
        stop.ThrowIfCancellationRequested();
        _after = after;
        _passed += passed;
        var lines = requests.SelectMany(Lines).ToList();
        _counts.Enqueue(events);
        while (_counts.Count > RateSeconds)
        {
            _counts.Dequeue();
        }

        _rate = _counts.Average();
        lines.Reverse();
        _tail.InsertRange(0, lines);
        if (_tail.Count > Kept)
        {
            _tail.RemoveRange(Kept, _tail.Count - Kept);
        }
    }

    private static IEnumerable<Line> Lines(RecentRequest request) => request.Receipt.Events.Count == 0 && request.Receipt.Reason is { } reason
        ? [new Line(request.Receipt.RequestId, request.Receipt.ReceivedAt, "rejected", reason, null, new Dictionary<string, string?>())]
        : request.Receipt.Events.Select(one => new Line(
            request.Receipt.RequestId + one.Path,
            one.ReceivedAt,
            one.Outcome,
            one.Explanation is null ? one.Reason : $"{one.ErrorPath} {one.Explanation}",
            one.Uuid,
            request.Contents.GetValueOrDefault(one.Path) ?? new Dictionary<string, string?>()));

    /// <summary>Stops the tail, or goes on with it: with what comes from now on, and the last of what came meanwhile.</summary>
    private void Pause()
    {
        _isPaused = !_isPaused;
        if (!_isPaused)
        {
            _tail.Clear();
            _counts.Clear();
            _after = -1;
        }
    }

    private async Task FindAsync()
    {
        (_found, _request, _notFound) = (null, null, null);
        var text = _sought.Trim();
        if (Guid.TryParse(text, out var uuid))
        {
            _found = await Reports.ReadAsync(Environment!, connection => Receipts.Read(connection, Journal, Environment!.Id, Uuids.Of(uuid)), CancellationToken.None);
            _notFound = _found is null ? $"No request of this environment brought an event {uuid}. Was it sent to another environment, or answered with an error?" : null;
        }
        else if (RequestId.TryParse(text, out var position))
        {
            _request = await Reports.ReadAsync(
                Environment!,
                connection => RequestReceipts.ReadRecord(Journal, position, Environment!.Id) is { } record ? RequestReceipts.Read(connection, record, position, Environment!.Id) : null,
                CancellationToken.None);
            _notFound = _request is null ? $"The journal holds no request {text} of this environment." : null;
        }
        else
        {
            _notFound = "That is neither a UUID, such as aa886712-4537-47c1-b126-2686efda2e26, nor a req_id, which has eight letters and digits.";
        }
    }

    private sealed record Line(string Key, string At, string Outcome, string? Why, string? Uuid, IReadOnlyDictionary<string, string?> Fields)
    {
        public string RequestId => Key[..8];

        public string Text => string.Join('\n', Fields.Where(static one => one.Value is not null).Select(static one => $"{one.Key}: {one.Value}"));

        public string? Of(string field) => Fields.GetValueOrDefault(field);
    }
}
