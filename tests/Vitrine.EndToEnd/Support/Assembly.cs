using System.Diagnostics.CodeAnalysis;

// Each test starts processes of its own: those of pages and apps one at a time, beside them those of the command line, and those of the server itself.
[assembly: Xunit.CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]
[assembly: SuppressMessage("Usage", "xUnit1051", Justification = "Every wait has a limit of its own.")]
