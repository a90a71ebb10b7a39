using System.Diagnostics;
using NATS.Client.Core;
using Vitrine.Projection.Lookups;

namespace Vitrine.Cluster;

/// <summary>Tells what is stored of a customer at a node that keeps no projection: asks one that does, by a request of NATS.</summary>
/// <remarks>
/// <para>
/// All that project are one queue group (<see cref="LookupAnswers"/>): NATS gives a question to one of them. A node that
/// hangs is still in the group for a while, so a question without an answer is asked again, which most likely comes to
/// another one; it only reads, so that does no harm. Where NATS knows that nobody is there, that is told at once.
/// </para>
/// <para>
/// Nothing is kept of an answer: the next question sees what was projected until then, and what was erased is gone. Any
/// thread may ask.
/// </para>
/// </remarks>
internal sealed class CustomerLookup(ClusterConnection cluster, LookupMetrics metrics) : ICustomerLookup
{
    /// <summary>How long each try waits for an answer: a second together.</summary>
    private static readonly NatsSubOpts[] Tries =
        [.. new[] { 250, 250, 500 }.Select(static milliseconds => new NatsSubOpts { Timeout = TimeSpan.FromMilliseconds(milliseconds) })];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public async ValueTask<LookupOutcome> AnswerAsync(CustomerQuestion question, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var outcome = await AskAsync(question, cancellation);
        metrics.Asked(outcome, Stopwatch.GetElapsedTime(started));
        return outcome;
    }

    private async Task<LookupOutcome> AskAsync(CustomerQuestion question, CancellationToken cancellation)
    {
        var message = LookupMessage.Write(question);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience); // Also while there is no connection.
        foreach (var options in Tries)
        {
            try
            {
                var reply = await cluster.JetStream.Connection.RequestAsync<byte[], NatsMemoryOwner<byte>>(
                    cluster.LookupSubject, message, replyOpts: options, cancellationToken: limit.Token);
                using var answer = reply.Data;
                return LookupMessage.Read(answer.Span, question);
            }
            catch (Exception fault) when (fault is NatsNoRespondersException or InvalidDataException)
            {
                break;
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
            {
                cancellation.ThrowIfCancellationRequested();
                if (limit.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        return LookupOutcome.Unanswered;
    }
}
