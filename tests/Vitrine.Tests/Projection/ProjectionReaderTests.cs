using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

public sealed class ProjectionReaderTests
{
    [Fact]
    public async Task A_query_that_begins_just_after_its_reader_has_left_is_ended_too()
    {
        await using var server = await TestServer.StartAsync();
        await server.ProjectedAsync();
        using var client = new CancellationTokenSource();
        var began = new TaskCompletionSource();
        var query = server.Service<ProjectionReader>().ReadAsync(
            "SHOP",
            (connection, stop) =>
            {
                began.SetResult();
                stop.WaitHandle.WaitOne();
                return ProjectionFile.Scalar(connection, "SELECT sum(sqrt(a.range) * sin(b.range)) FROM range(10000000) a, range(10000000) b");
            },
            client.Token);
        await began.Task;
        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(query.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_query_that_has_been_answered_too_late_is_not_taken_for_an_answer()
    {
        await using var server = await TestServer.StartAsync();
        await server.ProjectedAsync();
        using var client = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => server.Service<ProjectionReader>().ReadAsync(
            "SHOP",
            (_, _) =>
            {
                client.Cancel();
                return 1;
            },
            client.Token));
    }
}
