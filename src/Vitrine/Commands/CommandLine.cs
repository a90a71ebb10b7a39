using System.CommandLine;

namespace Vitrine.Commands;

/// <summary>The command line <c>vitrine</c>.</summary>
public static class CommandLine
{
    /// <summary>Runs a command; answers its exit code.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Vitrine decides what a user sees, records what was shown and clicked, and reports what it did.")
        {
            ServeCommand.Create(),
        };
        return root.Parse(args).InvokeAsync();
    }
}
