using System.Threading.Channels;
using NATS.Client.Core;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Lookups;
using Vitrine.Projection.Profiles;

namespace Vitrine.Cluster;

/// <summary>Answers at a node that projects what others ask about customers (<see cref="CustomerLookup"/>).</summary>
/// <remarks>
/// <para>
/// It joins those that answer when its projection has come to where the journal ended at its start, and profiles and counts
/// are in memory: a node that is building its projection would say of everybody that he is unknown. From then on it
/// answers as it decides itself, by what it has projected.
/// </para>
/// <para>
/// One question after another, each some microseconds of looking things up in memory. So many wait at most; more are
/// dropped, and asked again, rather than holding up what else comes on the connection, such as acknowledgements. A node
/// that stops leaves the group first and answers what has come.
/// </para>
/// </remarks>
internal sealed partial class LookupAnswers(
    ClusterConnection cluster,
    IJournal journal,
    Projector projector,
    CustomerProfiles profiles,
    BehaviourWatches behaviours,
    ProjectedCustomers customers,
    ILogger<LookupAnswers> logger) : BackgroundService
{
    private const string Group = "project";
    private static readonly NatsSubOpts Waiting = new() { ChannelOpts = new NatsSubChannelOpts { Capacity = 4096, FullMode = BoundedChannelFullMode.DropNewest } };
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);

    private readonly CustomerQuestion _question = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await CatchUpAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var questions = await cluster.JetStream.Connection.SubscribeCoreAsync<NatsMemoryOwner<byte>>(
                    cluster.LookupSubject, Group, opts: Waiting, cancellationToken: stoppingToken);
                await foreach (var message in questions.Msgs.ReadAllAsync(CancellationToken.None))
                {
                    await AnswerAsync(message);
                }
            }
            catch (Exception fault) when (ClusterConnection.IsUnavailable(fault) && !stoppingToken.IsCancellationRequested)
            {
                Interrupted(ClusterConnection.Describe(fault));
                await Task.Delay(Pause, stoppingToken);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken stop)
    {
        var head = await journal.FindHeadAsync(stop);
        while (!await projector.WaitForAsync(head, Pause, stop, isUrgent: false))
        {
            // It is on its way.
        }

        await profiles.WaitUntilReadyAsync(stop);
        while (!behaviours.AreReady)
        {
            await Task.Delay(Moment, stop);
        }
    }

    private async Task AnswerAsync(NatsMsg<NatsMemoryOwner<byte>> message)
    {
        try
        {
            await message.ReplyAsync(Answer(message));
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
        {
            // Whoever asked asks again.
        }
        catch (InvalidDataException fault)
        {
            NotUnderstood(fault.Message);
        }
    }

    private byte[] Answer(NatsMsg<NatsMemoryOwner<byte>> message)
    {
        using var bytes = message.Data;
        _question.Clear();
        if (!LookupMessage.TryRead(bytes.Span, behaviours, _question))
        {
            return LookupMessage.Write(LookupOutcome.Unanswered, _question);
        }

        var outcome = customers.Answer(_question);
        _question.Count();
        return LookupMessage.Write(outcome, _question);
    }

    [LoggerMessage(LogLevel.Warning, "Other nodes cannot ask this one about customers: {Reason}")]
    private partial void Interrupted(string reason);

    [LoggerMessage(LogLevel.Warning, "A question about a customer was not understood: {Reason}")]
    private partial void NotUnderstood(string reason);
}
