using System.Threading.Channels;
using Vitrine.Workspaces;

namespace Vitrine.Forwarding;

/// <summary>Sends a target what we refused, to see whether it does, too.</summary>
/// <remarks>
/// The bodies of refused requests are kept nowhere; they wait here, in memory, up to a number of bytes. What finds no
/// place, what the target does not answer and what waits when the server stops is not compared, and counted. Whoever
/// offers never waits.
/// </remarks>
internal sealed class RefusedComparison(MoEngageTarget target, MoEngageChannel channel, ForwardingStore store, ForwardingOptions options, ForwardingMetrics metrics, TimeProvider time, ILogger logger)
    : IRefusedRequestListener
{
    private const int Refused = StatusCodes.Status400BadRequest;
    private readonly Channel<(RefusedRequest Request, long Since)> _waiting = Channel.CreateUnbounded<(RefusedRequest, long)>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    /// <inheritdoc/>
    public bool Wants(int length)
    {
        var hasRoom = Interlocked.Read(ref _bytes) + Cost(length) <= options.ComparisonBytes;
        if (!hasRoom)
        {
            metrics.Dropped(target.Name);
        }

        return hasRoom;
    }

    /// <summary>Takes a request, unless too many wait.</summary>
    public void Offer(RefusedRequest request)
    {
        var cost = Cost(request.Body.Length);
        if (Interlocked.Add(ref _bytes, cost) > options.ComparisonBytes || !_waiting.Writer.TryWrite((request, time.GetTimestamp())))
        {
            Interlocked.Add(ref _bytes, -cost);
            metrics.Dropped(target.Name);
        }
    }

    /// <summary>Compares until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (request, since) in _waiting.Reader.ReadAllAsync(stopping))
            {
                Interlocked.Add(ref _bytes, -Cost(request.Body.Length));
                if (time.GetElapsedTime(since) > options.ComparisonPatience)
                {
                    metrics.Dropped(target.Name); // Nothing of a customer lies in memory for long.
                    continue;
                }

                await CompareAsync(request, time.GetUtcNow() - time.GetElapsedTime(since), stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>What a waiting request takes: its body, and what is around it.</summary>
    private static int Cost(int length) => length + 256;

    private async Task CompareAsync(RefusedRequest request, DateTimeOffset receivedAt, CancellationToken stopping)
    {
        try
        {
            var answer = await channel.SendAsync(request.Family, request.Body, stopping);
            if (answer.Verdict == Verdict.Failed)
            {
                metrics.Dropped(target.Name);
                return;
            }

            store.Compare(target.Name, new ComparedAnswers(BatchOutcome.Day(receivedAt), Refused, answer.Status, 1, request.RequestId));
        }
        catch (Microsoft.Data.Sqlite.SqliteException fault)
        {
            metrics.Dropped(target.Name);
            ForwardingLog.NotCompared(logger, fault, target.Name);
        }
    }
}

/// <summary>What is logged beside the workers.</summary>
internal static partial class ForwardingLog
{
    [LoggerMessage(LogLevel.Error, "An answer of {Target} could not be noted for comparison")]
    public static partial void NotCompared(ILogger logger, Exception fault, string target);
}
