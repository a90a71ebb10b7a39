using System.CommandLine;
using Spectre.Console;
using Vitrine.Commands.Import;

namespace Vitrine.Commands;

/// <summary><c>vitrine import</c>: sends events from a file through the public interface.</summary>
internal static class ImportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "NDJSON (bodies, elements or exported events) or CSV; - for standard input" };
        var kind = new Option<string>("--kind")
        {
            Description = "What they are: events (impressions and clicks) or goals (what customers did)",
            DefaultValueFactory = static _ => ImportKind.All[0].Name,
        };
        var mapping = new Option<string?>("--mapping") { Description = "For CSV: the JSON file that says what its columns mean (docs/import.md)" };
        var connections = new Option<int>("--connections") { Description = "Requests at once", DefaultValueFactory = static _ => 4 };
        var patience = new Option<string>("--patience")
        {
            Description = "How long to try again while the server is away or busy",
            DefaultValueFactory = static _ => "2m",
        };
        var url = CommonOptions.Url();
        var workspace = CommonOptions.Workspace();
        var key = CommonOptions.Key();
        var command = new Command("import", "Send events from a file; the same file twice counts once")
        {
            file, kind, mapping, connections, patience, url, workspace, key,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = CommonOptions.Connect(parsed.GetValue(url), parsed.GetValue(workspace), parsed.GetValue(key));
            var path = parsed.GetValue(file)!;
            using var source = path == "-" ? Console.OpenStandardInput() : File.OpenRead(path);
            using var text = new StreamReader(source);
            var tally = new ImportTally();
            var imported = ImportKind.Of(parsed.GetValue(kind)!);
            var elements = parsed.GetValue(mapping) is { } mappingFile ? CsvRows.Read(imported, text, CsvMapping.Load(mappingFile, imported), tally)
                : path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
                    ? throw new CommandException("a CSV needs --mapping, the JSON file that says what its columns mean (docs/import.md)")
                : JsonLines.Read(imported, text, tally);
            var sender = new ImportSender(client, imported, Connections(parsed.GetValue(connections)), Quantity.Duration(parsed.GetValue(patience)!), TimeProvider.System);
            try
            {
                await WithProgressAsync(
                    path == "-" ? null : source, report => sender.SendAsync(elements, tally, report, cancellation));
            }
            catch when (tally.Known > 0)
            {
                Conclude(tally); // What is done stays done, and the next attempt goes on from there.
                throw;
            }

            return Conclude(tally);
        });
        return command;
    }

    private static int Conclude(ImportTally tally)
    {
        Console.WriteLine(
            $"{tally.Known:N0} events: {tally.Stored:N0} stored, {tally.Duplicate:N0} duplicate"
            + (tally.Accepted > 0 ? $", {tally.Accepted:N0} accepted and not projected yet" : "")
            + (tally.Refused > 0 ? $"; {tally.Refused:N0} refused" : ""));
        foreach (var example in tally.Examples)
        {
            Console.Error.WriteLine($"vitrine: {example}");
        }

        if (tally.Refused > tally.Examples.Count)
        {
            Console.Error.WriteLine($"vitrine: and {tally.Refused - tally.Examples.Count:N0} more");
        }

        return tally.Refused == 0 ? 0 : 1;
    }

    private static int Connections(int number) =>
        number is >= 1 and <= 256 ? number : throw new CommandException($"--connections must be 1–256; {number} is given");

    /// <summary>Shows a bar where a person watches and the length is known.</summary>
    private static async Task WithProgressAsync(Stream? file, Func<Action<long>, Task> import)
    {
        if (file is null || Console.IsErrorRedirected)
        {
            await import(static _ => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("0 events", maxValue: Math.Max(1, file.Length));
                await import(sent =>
                {
                    task.Value = file.Position;
                    task.Description = $"{sent:N0} events";
                });
                task.Value = task.MaxValue;
            });
    }
}
