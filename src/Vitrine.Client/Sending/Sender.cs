using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.Extensions.Logging;
using Vitrine.Client.Queueing;

namespace Vitrine.Client.Sending;

/// <summary>
/// Sends what is queued, the oldest first. An event leaves the queue when the server has acknowledged it, or says that it can
/// never take it; whatever else happens it stays and is sent again with the same uuid, so that it counts once.
/// </summary>
/// <remarks>
/// One request at a time is on its way, whoever asks for it: <see cref="_turn"/> sees to that, so what was read last is what
/// is completed. After a failure the pause doubles, up to five minutes, and is drawn at random below that, so that a server
/// that comes back is not asked by everybody at once; a pause that the server names is waited for first.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A flush may outlast the client. Neither holds anything of the operating system's.")]
internal sealed class Sender
{
    private const int MaximumBatch = 100;
    private const int BatchBytes = 512 * 1024;
    private const int MostDoublings = 9;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan AdoptionInterval = TimeSpan.FromMinutes(1);

    private readonly EventQueue _queue;
    private readonly Server _server;
    private readonly VitrineOptions _options;
    private readonly ClientMetrics _metrics;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Signal _any = new();
    private readonly Signal _full = new();
    private readonly Signal _taken = new();
    private readonly Task _running;
    private long _waitTicks;
    private volatile int _failures;
    private long _adoptedAt;

    public Sender(EventQueue queue, Server server, VitrineOptions options, ClientMetrics metrics, ILogger logger)
    {
        (_queue, _server, _options, _metrics, _logger, _adoptedAt) = (queue, server, options, metrics, logger, options.TimeProvider.GetTimestamp());
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Run(RunAsync); // It outlives the request that happened to be the first to ask for a client.
        }
    }

    /// <summary>Says that there is an event more.</summary>
    public void NoticeEvent()
    {
        _any.Set();
        if (_queue.Waiting >= _options.BatchSize)
        {
            _full.Set();
        }
    }

    /// <summary>Sends now, whatever pause there is. True when nothing is left of what was there.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await SendAllAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Stops sending by itself, and ends once it has. <see cref="FlushAsync"/> still may be asked for.</summary>
    public Task StopAsync()
    {
        _stop.Cancel();
        return _running;
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                // What is queued stays.
            }
            catch (Exception fault)
            {
                Wait(LongestPause); // A fault of this code, not of the way to the server.
                _logger.FailsUnexpectedly(fault);
            }
        }
    }

    private async Task RunOnceAsync()
    {
        _any.Reset();
        _full.Reset();
        _taken.Reset();
        AdoptWhenDue();
        if (_queue.Waiting == 0)
        {
            await PauseAsync(AdoptionInterval, _any).ConfigureAwait(false);
            return;
        }

        if (_failures > 0)
        {
            await PauseAsync(TimeSpan.FromTicks(Interlocked.Read(ref _waitTicks)), _taken).ConfigureAwait(false); // Or until somebody's flush came through.
        }
        else if (_queue.Waiting < _options.BatchSize)
        {
            await PauseAsync(_options.BatchDelay, _full).ConfigureAwait(false);
        }

        await FlushAsync(_stop.Token).ConfigureAwait(false);
    }

    private void AdoptWhenDue()
    {
        if (_options.TimeProvider.GetElapsedTime(_adoptedAt) >= AdoptionInterval)
        {
            _adoptedAt = _options.TimeProvider.GetTimestamp();
            _queue.Adopt();
        }
    }

    private async Task PauseAsync(TimeSpan pause, Signal interruption)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAny(_options.TimeProvider.Delay(pause, over.Token), interruption.Task).ConfigureAwait(false);
        over.Cancel();
        _stop.Token.ThrowIfCancellationRequested();
    }

    private async Task<bool> SendAllAsync(CancellationToken cancellation)
    {
        var count = MaximumBatch;
        for (var left = _queue.Waiting; left > 0;)
        {
            var lines = _queue.Read(Math.Min(count, left), BatchBytes);
            if (lines.Count == 0)
            {
                return true;
            }

            var answer = await ReportAsync(lines, cancellation).ConfigureAwait(false);
            if (Settle(lines, answer))
            {
                left -= lines.Count;
                _failures = 0;
                _taken.Set();
                count = answer.IsAcknowledged ? count : MaximumBatch; // The one that was looked for is found.
            }
            else if (lines.Count > 1 && (answer.IsRefusal || answer.IsTooLarge))
            {
                count = (lines.Count + 1) / 2; // Until the one is alone that is refused.
            }
            else
            {
                Fail(answer, lines.Count);
                return false;
            }
        }

        return true;
    }

    private async Task<Answer> ReportAsync(IReadOnlyList<byte[]> lines, CancellationToken cancellation)
    {
        var begin = _options.TimeProvider.GetTimestamp();
        var answer = await _server.AskAsync("/v1/experiences/events", BodyOf(lines), "handling=lenient", cancellation).ConfigureAwait(false);
        _metrics.Sent(_options.TimeProvider.GetElapsedTime(begin), answer.Status);
        return answer;
    }

    /// <summary>Takes from the queue what an answer is about. False when it says nothing about the events.</summary>
    private bool Settle(IReadOnlyList<byte[]> lines, Answer answer)
    {
        var refused = answer.Errors().Where(error => error.Element < lines.Count).GroupBy(static error => error.Element).Select(static group => group.First()).ToList();
        if (!answer.IsAcknowledged)
        {
            if (!answer.IsRefusal || lines.Count > 1)
            {
                return false; // Without the refused ones the others would be taken; which these are, halving finds out.
            }

            refused = refused.Count > 0 ? refused : [(0, answer.Title!, answer.Description ?? "")];
        }

        foreach (var (element, path, reason) in refused)
        {
            if (path.EndsWith("/event_time", StringComparison.Ordinal) && EventRecord.WithoutTime(lines[element]) is { } anew)
            {
                _logger.ClockIsWrong(reason);
                _queue.Append(anew); // The clock here is wrong: the server takes the time of arrival.
            }
            else
            {
                _logger.Refused(path, reason);
                _metrics.Dropped(1, "refused");
            }
        }

        _queue.Complete(lines);
        _metrics.Delivered(lines.Count - refused.Count);
        return true;
    }

    private void Fail(Answer answer, int count)
    {
        var named = answer.RetryAfter is { } after && after > TimeSpan.Zero ? after < LongestWait ? after : LongestWait : TimeSpan.Zero;
        var doubled = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * (1 << Math.Min(_failures + 1, MostDoublings)));
        var wait = named + TimeSpan.FromSeconds(doubled * Platform.Fraction());
        Wait(wait);
        _logger.CannotSend(count, answer.Title ?? answer.Fault?.Message ?? "", answer.Status, wait.TotalSeconds);
    }

    private void Wait(TimeSpan wait)
    {
        Interlocked.Exchange(ref _waitTicks, wait.Ticks);
        _failures = Math.Min(_failures + 1, MostDoublings);
    }

    private static byte[] BodyOf(IReadOnlyList<byte[]> lines)
    {
        using var body = new MemoryStream(lines.Sum(static line => line.Length + 1) + 16);
        void Write(byte[] bytes) => body.Write(bytes, 0, bytes.Length);
        Write(Encoding.ASCII.GetBytes("{\"elements\":["));
        for (var place = 0; place < lines.Count; place++)
        {
            if (place > 0)
            {
                body.WriteByte((byte)',');
            }

            Write(lines[place]);
        }

        Write(Encoding.ASCII.GetBytes("]}"));
        return body.ToArray();
    }
}
