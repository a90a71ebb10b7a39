using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using NATS.Client.Core;
using Vitrine.Cluster;
using Vitrine.Experiences.Geography;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary>The command line <c>vitrine</c>. A failure is one line on standard error and a non-zero exit.</summary>
public static class CommandLine
{
    private const int Failure = 1;

    /// <summary>Runs a command; answers its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            // Stopping takes as long as draining takes; the host bounds that itself.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            var parsed = CreateRoot().Parse(args);
            return WhyNot(parsed) is { } reason ? throw new CommandException(reason) : await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("vitrine: interrupted");
            return 130;
        }
        catch (Exception fault)
        {
            Console.Error.WriteLine($"vitrine: {Explain(fault)}");
            return Failure;
        }
    }

    /// <summary>All commands.</summary>
    internal static RootCommand CreateRoot() =>
        new("Vitrine takes reports of what users were shown and clicked, counts each exactly once, and says what came of it.")
        {
            ServeCommand.Create(),
            ImportCommand.Create(),
            ReportCommand.Create(),
            WorkspaceCommand.Create(),
            KeyCommand.Create(),
            PrivacyCommand.Create(),
            ForwardCommand.Create(),
            JournalCommand.Create(),
            ProjectionCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            MigrateCommand.Create(),
            OpenApiCommand.Create(),
        };

    /// <summary>Why a command line cannot be carried out, in one line; null when it can, and where help is asked for.</summary>
    private static string? WhyNot(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as CommandResult)
        {
            names.Push(command.Command is RootCommand ? "vitrine" : command.Command.Name);
        }

        var help = $"see '{string.Join(' ', names)} --help'";
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return parsed.CommandResult.Command.Subcommands.Count == 0 ? $"{parsed.Errors[0].Message.TrimEnd('.')}; {help}"
                : parsed.UnmatchedTokens.Count > 0 ? $"there is no command '{parsed.UnmatchedTokens[0]}'; {help}"
                : $"a command is needed; {help}";
        }

        // An argument that may be absent would take an option that does not exist for its value.
        var stray = parsed.CommandResult.Children
            .OfType<ArgumentResult>()
            .SelectMany(static argument => argument.Tokens)
            .FirstOrDefault(static token => token.Value.Length > 1 && token.Value[0] == '-');
        return stray is null ? null : $"there is no option '{stray.Value}'; {help}";
    }

    private static string Explain(Exception fault) => fault switch
    {
        CommandException or CatalogException or DataDirectoryException or GeographyException or InvalidDataException or FileNotFoundException => fault.Message,
        HttpRequestException => $"the server cannot be reached: {fault.Message}",
        IOException or UnauthorizedAccessException => fault.Message,
        NatsException => $"NATS did not do what it was asked ({ClusterConnection.Describe(fault)}); try again when it is sound",
        SqliteException sqlite => $"SQLite: {sqlite.Message}",
        DuckDBException duck => $"DuckDB: {duck.Message.ReplaceLineEndings(" ")}",
        _ => $"this is a fault of vitrine itself, please report it: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}",
    };
}

/// <summary>A command cannot do what it was asked; the message says why and what would be right.</summary>
public sealed class CommandException(string message) : Exception(message);
