using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Vitrine.Micro;

if (args is ["decisions"])
{
    DecisionLatencies.Print();
    return;
}

if (args is ["shown"])
{
    ShownLatencies.Print();
    return;
}

// In this process: the generated projects of the default toolchain know nothing of this repository's output folders.
BenchmarkSwitcher.FromAssembly(typeof(DecoderBenchmarks).Assembly).Run(
    args,
    DefaultConfig.Instance
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
        .AddDiagnoser(MemoryDiagnoser.Default));
