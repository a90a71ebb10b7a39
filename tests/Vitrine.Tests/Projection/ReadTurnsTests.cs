using Vitrine.Projection;

namespace Vitrine.Tests.Projection;

public sealed class ReadTurnsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_workspace_cannot_keep_another_from_its_turn()
    {
        using var turns = new ReadTurns(atOnce: 2, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeTrue();
        var second = turns.TryTakeAsync("SHOP", Stop);

        second.IsCompleted.ShouldBeFalse();
        (await turns.TryTakeAsync("OTHER", Stop)).ShouldBeTrue();

        turns.Return("OTHER");
        turns.Return("SHOP");
        (await second).ShouldBeTrue();
        turns.Return("SHOP");
    }

    [Fact]
    public async Task A_full_queue_turns_only_its_own_workspace_away()
    {
        using var turns = new ReadTurns(atOnce: 2, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        using var gone = new CancellationTokenSource();
        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeTrue();
        var waiting = Enumerable.Range(0, 16).Select(_ => turns.TryTakeAsync("SHOP", gone.Token)).ToList();

        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeFalse();
        (await turns.TryTakeAsync("OTHER", Stop)).ShouldBeTrue();

        await gone.CancelAsync();
        foreach (var one in waiting)
        {
            await Should.ThrowAsync<OperationCanceledException>(one);
        }

        turns.Return("SHOP");
        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeTrue();
        turns.Return("SHOP");
        turns.Return("OTHER");
    }

    [Fact]
    public async Task Who_gets_no_turn_in_time_is_told_so_and_takes_nobodys_place()
    {
        using var turns = new ReadTurns(atOnce: 2, TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(20));
        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeTrue();
        for (var time = 0; time < 20; time++)
        {
            (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeFalse();
        }

        turns.Return("SHOP");
        (await turns.TryTakeAsync("SHOP", Stop)).ShouldBeTrue();
        turns.Return("SHOP");
    }
}
