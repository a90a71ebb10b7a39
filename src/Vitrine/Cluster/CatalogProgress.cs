using NATS.Client.Core;

namespace Vitrine.Cluster;

/// <summary>How far nodes have come with the catalog's changes: a node tells when it is asked, and asks the others after a change of its own.</summary>
/// <remarks>
/// <para>
/// The question is a message of NATS itself, which all nodes hear and none keeps: up to which sequence of the stream is asked.
/// A node answers, with its id, when it has made the changes up to there and whoever follows them here has been told; so
/// whoever heard the answers of all knows that each decides, authenticates and shows by the change.
/// </para>
/// <para>
/// Nothing depends on it: changes come to every node in any case. It is waited for those that the <see cref="Roster"/>
/// names, and for <see cref="Limit"/> at most; a node that let that pass is not waited for again before it has renewed its
/// entry. So one that has died costs its cluster about one such wait, and not one for each write until it is forgotten.
/// </para>
/// </remarks>
internal sealed partial class CatalogProgress : IAsyncDisposable
{
    /// <summary>How long others are waited for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly ClusterConnection _cluster;
    private readonly Roster _roster;
    private readonly ILogger _logger;
    private readonly INatsSub<ulong> _questions;
    private readonly Task _answering;
    private readonly Lock _gate = new();
    private readonly List<(ulong Sequence, string Inbox)> _waiting = [];
    private ulong _reached;

    /// <summary>From now on this node answers.</summary>
    /// <param name="cluster">Its connection.</param>
    /// <param name="roster">Whom its own questions are about.</param>
    /// <param name="logger">Told when an answer could not be given.</param>
    public CatalogProgress(ClusterConnection cluster, Roster roster, ILogger logger)
    {
        (_cluster, _roster, _logger) = (cluster, roster, logger);
        _questions = Task.Run(async () => await Connection.SubscribeCoreAsync<ulong>(_cluster.CatalogReachedSubject)).GetAwaiter().GetResult();
        _answering = Task.Run(AnswerAsync);
    }

    private INatsConnection Connection => _cluster.JetStream.Connection;

    /// <summary>This node has made the changes up to a sequence: whoever asked about that is answered.</summary>
    public async Task ReachedAsync(ulong sequence)
    {
        List<string> inboxes;
        lock (_gate)
        {
            _reached = Math.Max(_reached, sequence);
            inboxes = [.. _waiting.Where(one => one.Sequence <= _reached).Select(static one => one.Inbox)];
            _waiting.RemoveAll(one => one.Sequence <= _reached);
        }

        foreach (var inbox in inboxes)
        {
            await TellAsync(inbox);
        }
    }

    /// <summary>Waits until the other nodes have made the changes up to a sequence, or for <see cref="Limit"/>.</summary>
    public async Task WaitForOthersAsync(ulong sequence)
    {
        var awaited = _roster.Others.Where(static node => !node.IsSilent).ToDictionary(static node => node.Id);
        if (awaited.Count == 0)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(Limit);
            await foreach (var answer in Connection.RequestManyAsync<ulong, string>(_cluster.CatalogReachedSubject, sequence, cancellationToken: limit.Token))
            {
                if (awaited.Remove(answer.Data ?? "") && awaited.Count == 0)
                {
                    return;
                }
            }
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
        {
            // Those that have not answered are not there, or not yet so far.
        }

        foreach (var node in awaited.Values)
        {
            node.IsSilent = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _questions.DisposeAsync(); // Ends the answering, too.
        await _answering;
    }

    private async Task AnswerAsync()
    {
        await foreach (var question in _questions.Msgs.ReadAllAsync())
        {
            if (question is { Error: null, ReplyTo: { } inbox } && IsReached(question.Data, inbox))
            {
                await TellAsync(inbox);
            }
        }
    }

    /// <summary>Whether it can be told at once; if not, it is when the node has come that far.</summary>
    private bool IsReached(ulong sequence, string inbox)
    {
        lock (_gate)
        {
            if (sequence > _reached)
            {
                _waiting.Add((sequence, inbox));
            }

            return sequence <= _reached;
        }
    }

    private async Task TellAsync(string inbox)
    {
        try
        {
            await Connection.PublishAsync(inbox, _cluster.NodeId);
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
        {
            NotTold(ClusterConnection.Describe(fault));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Another node could not be told that this one has made its change ({Reason}); it waits a second in vain")]
    private partial void NotTold(string reason);
}
