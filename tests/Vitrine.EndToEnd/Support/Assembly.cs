using System.Diagnostics.CodeAnalysis;

// Each test starts processes of its own: those in a browser one at a time, and all others one at a time beside them.
[assembly: Xunit.CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 2)]
[assembly: SuppressMessage("Usage", "xUnit1051", Justification = "Every wait has a limit of its own.")]
