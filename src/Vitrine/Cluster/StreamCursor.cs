using System.Threading.Channels;
using Vitrine.Journal;

namespace Vitrine.Cluster;

/// <summary>Reads the stream in order from a message on, some way ahead of whoever follows it.</summary>
/// <remarks>
/// One reader at a time has it and takes groups; a task of its own fetches them. What ends the fetching (a broker that went away, a
/// consumer that was lost) begins it anew behind the last message that came, so groups come each once and in order.
/// </remarks>
internal sealed partial class StreamCursor : IAsyncDisposable
{
    private const int GroupsAhead = 64;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ClusterConnection _cluster;
    private readonly RewrittenMessages _rewritten;
    private readonly Action<ulong> _reached;
    private readonly Func<ulong, ulong, CancellationToken, Task> _missing;
    private readonly ILogger _logger;
    private readonly Channel<JournalGroup> _groups = Channel.CreateBounded<JournalGroup>(GroupsAhead);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _fetching;
    private ulong _next;

    /// <summary>Begins to fetch.</summary>
    /// <param name="cluster">Whose journal.</param>
    /// <param name="rewritten">What stands in the place of messages that are missing.</param>
    /// <param name="position">Behind which it begins.</param>
    /// <param name="reached">Told up to which message the stream is known to reach.</param>
    /// <param name="missing">Told from which message on, and before which, some are missing that nothing takes the place of; before a later one is handed out.</param>
    /// <param name="logger">Told of interruptions.</param>
    public StreamCursor(
        ClusterConnection cluster, RewrittenMessages rewritten, long position, Action<ulong> reached, Func<ulong, ulong, CancellationToken, Task> missing, ILogger logger)
    {
        (_cluster, _rewritten, _reached, _missing, _logger, Position, _next) = (cluster, rewritten, reached, missing, logger, position, cluster.Positions.SequenceAfter(position));
        _fetching = Task.Run(FetchAsync);
    }

    /// <summary>Up to which position groups have been taken.</summary>
    public long Position { get; private set; }

    /// <summary>When it was last used, in milliseconds of the system.</summary>
    public long UsedAt { get; private set; } = Environment.TickCount64;

    /// <summary>Takes the next group; null when none has come yet.</summary>
    public JournalGroup? Take()
    {
        UsedAt = Environment.TickCount64;
        if (!_groups.Reader.TryRead(out var group))
        {
            return null;
        }

        Position = group.LastPosition;
        return group;
    }

    /// <summary>Blocks until a group has come. False: cancelled.</summary>
    public bool Wait(CancellationToken cancellation)
    {
        UsedAt = Environment.TickCount64;
        try
        {
            return _groups.Reader.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _fetching;
        _stopping.Dispose();
    }

    private async Task FetchAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var message in _cluster.FollowAsync(_cluster.JournalStream, _next, _stopping.Token))
                {
                    var at = message.Metadata!.Value;
                    _reached(at.Sequence.Stream + at.NumPending);
                    await FillAsync(at.Sequence.Stream);
                    await _groups.Writer.WriteAsync(StreamMessage.Read(_cluster.Positions, at.Sequence.Stream, message.Data), _stopping.Token);
                    _next = at.Sequence.Stream + 1;
                }
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
            {
                Interrupted(ClusterConnection.Describe(fault));
            }
            catch (Exception fault)
            {
                _groups.Writer.TryComplete(fault is InvalidDataException ? fault : new IOException($"The journal's stream cannot be read behind message {_next - 1}: {fault.Message}", fault)); // Whoever reads is told.
                return;
            }

            await Task.WhenAny(Task.Delay(Pause, _stopping.Token));
        }

        _groups.Writer.TryComplete();
    }

    /// <summary>What stands in the place of sequences that are missing before one.</summary>
    private async Task FillAsync(ulong sequence)
    {
        var absent = sequence - _next;
        foreach (var missing in await _rewritten.BetweenAsync(_next, sequence, _stopping.Token))
        {
            if (await _rewritten.ReadAsync(missing, _stopping.Token) is { } instead)
            {
                absent--;
                await _groups.Writer.WriteAsync(StreamMessage.Read(_cluster.Positions, missing, instead), _stopping.Token);
                _next = missing + 1;
            }
        }

        if (absent > 0)
        {
            await _missing(_next, sequence, _stopping.Token);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Reading the journal's stream was interrupted ({Reason}); it goes on where it was")]
    private partial void Interrupted(string reason);
}
