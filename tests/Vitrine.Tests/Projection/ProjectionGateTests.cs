using Vitrine.Projection;

namespace Vitrine.Tests.Projection;

/// <summary>What a reader remembers of a file must not be taken for true of the next one.</summary>
public sealed class ProjectionGateTests
{
    [Fact]
    public async Task Its_generation_changes_when_it_is_closed_and_not_before_the_last_reader_has_left()
    {
        using var gate = new ProjectionGate();
        gate.Open();
        gate.TryEnter(out var closing).ShouldBeTrue();
        var generation = gate.Generation;

        var closed = Task.Run(() => gate.Close(), TestContext.Current.CancellationToken);
        closing.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)).ShouldBeTrue();
        gate.Generation.ShouldBe(generation);
        gate.Leave();
        await closed;
        gate.Generation.ShouldNotBe(generation);
    }

    [Fact]
    public void Its_generation_stays_when_it_was_open_already()
    {
        using var gate = new ProjectionGate();
        gate.Open();
        var generation = gate.Generation;
        gate.Open();
        gate.Generation.ShouldBe(generation);
    }
}
