namespace Vitrine.EndToEnd.Support;

/// <summary>What a command did.</summary>
internal sealed record CommandResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    /// <summary>Standard output and standard error in one text.</summary>
    public string Text => string.Join('\n', Output.Concat(Errors));

    /// <summary>It went well.</summary>
    public CommandResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Text);
        return this;
    }

    /// <summary>It failed with one clear line, which holds a text.</summary>
    public void ShouldFailWith(string message)
    {
        ExitCode.ShouldNotBe(0, Text);
        Errors.Count.ShouldBe(1, Text);
        Errors[0].ShouldStartWith("vitrine: ");
        Errors[0].ShouldContain(message, Case.Insensitive);
        Errors[0].ShouldNotContain("   at ");
        Errors[0].ShouldNotContain("unexpected");
    }
}

/// <summary>Runs commands of the built executable.</summary>
internal static class VitrineCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Runs a command without a server's address.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, null, null);

    /// <summary>Runs a command that speaks to a server for its workspace.</summary>
    public static Task<CommandResult> RunAsync(ServerProcess server, params string[] arguments) => RunAsync(arguments, server, null);

    /// <summary>Runs a command, with what it reads from standard input.</summary>
    public static async Task<CommandResult> RunAsync(string[] arguments, ServerProcess? server, string? input)
    {
        await using var process = Start(arguments, server, input);
        var code = await process.ExitAsync(Limit);
        return new CommandResult(code, process.Output, process.Errors);
    }

    /// <summary>Starts a command.</summary>
    public static ChildProcess Start(string[] arguments, ServerProcess? server, string? input = null)
    {
        var environment = new Dictionary<string, string>();
        if (server is not null)
        {
            environment["VITRINE_URL"] = server.Address.ToString();
            environment["VITRINE_WORKSPACE"] = server.Workspace;
            environment["VITRINE_API_KEY"] = server.Key;
        }

        return new ChildProcess(Build.Executable, arguments, environment, input);
    }
}
