using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Vitrine.Cluster;
using Vitrine.Journal;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

/// <summary>A node's journal, without the rest of the node.</summary>
internal sealed class JournalNode(ClusterConnection connection, StreamJournal journal, FakeTimeProvider time) : IAsyncDisposable
{
    public StreamJournal Journal => journal;

    public ClusterConnection Connection => connection;

    public FakeTimeProvider Time => time;

    public static async Task<JournalNode> JoinAsync(ClusterOptions options, JournalOptions? limits = null)
    {
        var connection = new ClusterConnection(options);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var time = Clock.New();
        return new JournalNode(connection, new StreamJournal(connection, limits ?? new JournalOptions(), new JournalMetrics(Metrics.NewCustomRegistry()), time, NullLogger<StreamJournal>.Instance), time);
    }

    public async ValueTask<AppendResult> AppendAsync(string text, string environment = "SHOP")
    {
        var record = PendingRecord.Rent();
        record.Body.WriteRaw(Encoding.UTF8.GetBytes(text));
        var result = await journal.AppendAsync(environment, record);
        record.Return();
        return result;
    }

    public List<(long Position, string Text)> Read(long after)
    {
        var read = new List<(long, string)>();
        for (var position = after; journal.ReadAfter(position) is { } group; position = group.LastPosition)
        {
            var records = group.Records;
            while (records.MoveNext())
            {
                if (records.Position > after)
                {
                    read.Add((records.Position, Encoding.UTF8.GetString(records.Record)));
                }
            }
        }

        return read;
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        await connection.DisposeAsync();
    }
}
