using System.Diagnostics.CodeAnalysis;

// Each test starts processes of its own and some measure time: one at a time.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: SuppressMessage("Usage", "xUnit1051", Justification = "Every wait has a limit of its own.")]
