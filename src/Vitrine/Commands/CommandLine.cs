using System.CommandLine;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
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
            return await CreateRoot().Parse(args).InvokeAsync(configuration);
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
        new("Vitrine decides what a user sees, records what was shown and clicked, and reports what it did.")
        {
            ServeCommand.Create(),
            ImportCommand.Create(),
            ReportCommand.Create(),
            WorkspaceCommand.Create(),
            KeyCommand.Create(),
            JournalCommand.Create(),
            ProjectionCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            OpenApiCommand.Create(),
        };

    private static string Explain(Exception fault) => fault switch
    {
        CommandException or CatalogException or DataDirectoryException or InvalidDataException or FileNotFoundException => fault.Message,
        HttpRequestException => $"the server cannot be reached: {fault.Message}",
        IOException or UnauthorizedAccessException => fault.Message,
        SqliteException sqlite => $"SQLite: {sqlite.Message}",
        DuckDBException duck => $"DuckDB: {duck.Message.ReplaceLineEndings(" ")}",
        _ => $"unexpected {fault.GetType().Name}: {fault.Message}",
    };
}

/// <summary>A command cannot do what it was asked; the message says why and what would be right.</summary>
public sealed class CommandException(string message) : Exception(message);
