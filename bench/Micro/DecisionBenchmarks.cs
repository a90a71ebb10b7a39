using BenchmarkDotNet.Attributes;

namespace Vitrine.Micro;

/// <summary>A decision about 25 of 500 experiences, from the bytes of a body to those of the answer.</summary>
public class DecisionBenchmarks
{
    private readonly DecisionWorld _world = new();

    [Benchmark]
    public int Decide() => _world.Decide();
}
