using System.Collections.Concurrent;
using System.Text.Json;

namespace Vitrine.EndToEnd.Support;

/// <summary>Clients that post impressions and goal events without pause and remember what they were told.</summary>
/// <remarks>
/// What was not acknowledged is sent again, the same body with the same uuids, by whichever connection is free next,
/// in the same run or the next one. Now and then something acknowledged is sent again too, as a client does that lost
/// the answer.
/// </remarks>
internal sealed class Load(Seeded random)
{
    private readonly ConcurrentQueue<Batch> _unanswered = new();
    private readonly ConcurrentDictionary<Guid, bool> _acknowledged = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentBag<string> _surprises = [];
    private readonly ConcurrentDictionary<string, bool> _requests = new();
    private int _lost;

    /// <summary>The most events of a batch.</summary>
    public int LargestBatch { get; init; } = 100;

    /// <summary>How many events were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>How many requests wait to be sent again.</summary>
    public int Unanswered => _unanswered.Count;

    /// <summary>How many requests ended without an answer.</summary>
    public int Lost => _lost;

    /// <summary>How many answers had this status.</summary>
    public int Count(int status) => _statuses.GetValueOrDefault(status);

    /// <summary>Posts over several connections; a connection ends when it is told to, or when its request gets no answer.</summary>
    public Task RunAsync(ServerProcess server, int connections, Func<bool> stop) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => random.Fork()).ToList().Select(own => Task.Run(() => ConnectAsync(server, own, stop))));

    /// <summary>Sends what was never acknowledged until all of it is.</summary>
    public async Task FinishAsync(ServerProcess server)
    {
        using var client = server.Client();
        while (_unanswered.TryDequeue(out var batch))
        {
            (await SendAsync(client, batch)).ShouldBeTrue("a retry is accepted once all is well");
        }
    }

    /// <summary>Every event acknowledged is there once, nothing else is but what was sent, and the books balance.</summary>
    public async Task ShouldBeKeptAsync(ServerProcess server)
    {
        ShouldHaveNoSurprises();
        using var client = server.Client();
        var found = new HashSet<Guid>();
        foreach (var one in await client.ExportAsync())
        {
            var uuid = Find(one);
            one.GetProperty("customer_id").GetString().ShouldBe(Bodies.Customer(uuid), Told);
            one.GetProperty("moe_variation_id").GetString().ShouldBe(Bodies.Variation(uuid), Told);
        }

        foreach (var one in await client.ExportAsync("goal-events"))
        {
            GoalBodies.ShouldFollowFrom(Find(one), one, Told);
        }

        var lost = _acknowledged.Keys.Where(uuid => !found.Contains(uuid)).ToList();
        lost.Count.ShouldBe(0, $"{lost.FirstOrDefault()} was acknowledged and is lost; {Told}");
        var waiting = _unanswered.SelectMany(static batch => batch.Uuids).ToHashSet();
        found.RemoveWhere(uuid => _acknowledged.ContainsKey(uuid) || waiting.Contains(uuid));
        found.Count.ShouldBe(0, $"{found.FirstOrDefault()} was never sent; {Told}");
        await client.LedgerShouldBalanceAsync();

        Guid Find(JsonElement one)
        {
            var uuid = one.GetProperty("moe_event_uuid").GetGuid();
            found.Add(uuid).ShouldBeTrue($"{uuid} is counted twice; {Told}");
            return uuid;
        }
    }

    /// <summary>Nothing was answered but 200 and 503 with Retry-After.</summary>
    public void ShouldHaveNoSurprises() => _surprises.ShouldBeEmpty(Told);

    private string Told => $"VITRINE_TEST_SEED={random.Seed}";

    private async Task ConnectAsync(ServerProcess server, Seeded own, Func<bool> stop)
    {
        using var client = server.Client();
        while (!stop())
        {
            if (!_unanswered.TryDequeue(out var batch))
            {
                batch = new Batch(
                    [.. Enumerable.Range(0, own.Below(4) == 0 ? own.Between(2, LargestBatch) : 1).Select(_ => own.Uuid())],
                    Goals: own.Below(3) == 0);
            }

            if (!await SendAsync(client, batch) && _lost > 0 && server.Process.HasExited)
            {
                return;
            }

            if (own.Below(20) == 0)
            {
                await SendAsync(client, batch);
            }
        }
    }

    /// <summary>True when it was acknowledged.</summary>
    private async Task<bool> SendAsync(ApiClient client, Batch batch)
    {
        var acknowledged = false;
        try
        {
            var answer = batch.Goals ? await client.PostGoalsAsync(GoalBodies.Of(batch.Uuids)) : await client.PostAsync(Bodies.Of(batch.Uuids));
            _statuses.AddOrUpdate(answer.Status, 1, static (_, count) => count + 1);
            acknowledged = answer.Status == 200;
            if (acknowledged)
            {
                Acknowledge(batch, answer.Json);
            }
            else if (answer.Status != 503 || answer.RetryAfter is null)
            {
                _surprises.Add($"{answer.Status} {answer.Body}");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            Interlocked.Increment(ref _lost);
        }

        if (!acknowledged && !batch.Uuids.All(_acknowledged.ContainsKey))
        {
            _unanswered.Enqueue(batch);
        }

        return acknowledged;
    }

    private void Acknowledge(Batch batch, JsonElement answer)
    {
        if (!_requests.TryAdd(answer.GetProperty(batch.Goals ? "request_id" : "req_id").GetString()!, true))
        {
            _surprises.Add($"the req_id of {answer} was given before");
        }

        foreach (var uuid in batch.Uuids)
        {
            _acknowledged[uuid] = true;
        }
    }

    /// <summary>Events that go in one request: goal events of one customer, or impressions.</summary>
    private sealed record Batch(Guid[] Uuids, bool Goals);
}
