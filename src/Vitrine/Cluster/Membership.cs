using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NATS.Client.KeyValueStore;
using Vitrine.Projection;

namespace Vitrine.Cluster;

/// <summary>Tells the other nodes of this one, knows of them, and sees to it that one of them leads.</summary>
/// <remarks>
/// <para>
/// Each node writes its entry into a bucket whose entries are forgotten after <see cref="Roster.Life"/>, and writes it again each
/// <see cref="Interval"/>. Another entry there is the leadership: whoever creates it leads, and keeps it by writing over
/// the revision that it wrote last. A leader that dies is so succeeded within the two times together, by a node that
/// projects already.
/// </para>
/// <para>
/// A leader that cannot write for <see cref="Roster.Life"/> considers itself none any more, as the bucket does. Should two lead for
/// a moment all the same, nothing is counted twice: each has a projection of its own, made of the same records.
/// </para>
/// </remarks>
internal sealed partial class Membership(
    ClusterConnection cluster,
    Roster roster,
    ClusterOptions options,
    Leadership leadership,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<Membership> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private ulong _revision;
    private long _renewedAt;

    /// <summary>A node with a role, other than this one; null when there is none.</summary>
    public NodeEntry? AnyWith(Roles role)
    {
        var able = roster.Others.Select(static node => node.Entry).Where(one => one.Roles.HasFlag(role)).ToList();
        return able.Count == 0 ? null : able[(int)((uint)Environment.TickCount % able.Count)];
    }

    /// <summary>The node that shows the dashboard, for all nodes the same: the leader where it does, otherwise the first of those that do. Null: this one, or none.</summary>
    public NodeEntry? Dashboard => roster.Nodes.Select(static node => node.Entry)
        .Where(static one => one.Roles.HasFlag(Roles.Dashboard))
        .OrderByDescending(one => one.Id == roster.Leader)
        .ThenBy(static one => one.Id, StringComparer.Ordinal)
        .FirstOrDefault() is { } node && node.Id != cluster.NodeId ? node : null;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Started().WaitAsync(stoppingToken);
        var me = new NodeEntry(cluster.NodeId, options.Advertise ?? new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()), options.Roles);
        INatsKVStore? bucket = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(Roster.Life);
                bucket ??= await roster.OpenAsync(limit.Token);
                await LookAsync(bucket, me, limit.Token);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                Unavailable(ClusterConnection.Describe(fault));
            }

            if (leadership.IsLeader && Stopwatch.GetElapsedTime(_renewedAt) > Roster.Life)
            {
                Lose();
            }

            await Task.WhenAny(Task.Delay(Interval, stoppingToken));
        }

        if (bucket is not null)
        {
            await LeaveAsync(bucket);
        }
    }

    /// <summary>Renews what this node tells, and its leadership; takes over what the others tell.</summary>
    private async Task LookAsync(INatsKVStore bucket, NodeEntry me, CancellationToken stop)
    {
        await Roster.EnterAsync(bucket, me, stop);
        if (options.Roles.HasFlag(Roles.Project))
        {
            await LeadAsync(bucket, JsonSerializer.SerializeToUtf8Bytes(me, ClusterJson.Default.NodeEntry), stop);
        }

        await roster.LookAsync(bucket, stop);
    }

    private async Task LeadAsync(INatsKVStore bucket, byte[] entry, CancellationToken stop)
    {
        var asked = Stopwatch.GetTimestamp();
        var leads = leadership.IsLeader;
        var answer = leads
            ? await bucket.TryUpdateAsync(Roster.LeaderKey, entry, _revision, cancellationToken: stop)
            : await bucket.TryCreateAsync(Roster.LeaderKey, entry, cancellationToken: stop);
        if (answer.Success)
        {
            (_revision, _renewedAt) = (answer.Value, asked);
            if (!leads)
            {
                Leads();
                leadership.IsLeader = true;
            }
        }
        else if (leads && answer.Error is NatsKVWrongLastRevisionException)
        {
            Lose();
        }
    }

    private void Lose()
    {
        LeadsNoMore();
        leadership.IsLeader = false;
    }

    /// <summary>So that nobody waits for a node that is gone on purpose.</summary>
    private async Task LeaveAsync(INatsKVStore bucket)
    {
        try
        {
            using var limit = new CancellationTokenSource(Interval);
            if (leadership.IsLeader)
            {
                await bucket.DeleteAsync(Roster.LeaderKey, new NatsKVDeleteOpts { Revision = _revision }, limit.Token);
            }

            await Roster.LeaveAsync(bucket, cluster.NodeId, limit.Token);
        }
        catch (Exception fault) when (ClusterConnection.IsUnavailable(fault))
        {
            // Then it is forgotten a little later.
        }
    }

    private Task Started()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        return started.Task;
    }

    [LoggerMessage(LogLevel.Information, "This node leads: it does what only one may do")]
    private partial void Leads();

    [LoggerMessage(LogLevel.Warning, "This node does not lead any more")]
    private partial void LeadsNoMore();

    [LoggerMessage(LogLevel.Warning, "The other nodes cannot be told of: {Reason}")]
    private partial void Unavailable(string reason);
}
