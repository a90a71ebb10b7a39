using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage("Usage", "xUnit1051", Justification = "Every wait has a limit of its own.")]
