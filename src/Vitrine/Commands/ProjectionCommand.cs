using System.CommandLine;
using Prometheus;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;

namespace Vitrine.Commands;

/// <summary><c>vitrine projection rebuild</c>. Needs the data folder for itself.</summary>
internal static class ProjectionCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("projection", "Rebuild what reports read") { CreateRebuild() };

    private static Command CreateRebuild()
    {
        var data = CommonOptions.Data();
        var command = new Command("rebuild", "Build the projection anew from the journal; the server must be stopped") { data };
        command.SetAction(async (parsed, cancellation) =>
        {
            DataDirectory.Visit(parsed.GetValue(data)!).Dispose();
            using var directory = DataDirectory.Take(parsed.GetValue(data)!);
            if (!File.Exists(directory.Journal))
            {
                throw new CommandException($"there is no journal {directory.Journal} to build the projection from");
            }

            var registry = Metrics.NewCustomRegistry();
            await using var journal = new SqliteJournal(directory.Journal, new JournalOptions(), TimeProvider.System, new JournalMetrics(registry));
            var position = ProjectionRebuild.Run(
                journal,
                ProjectionPaths.In(directory.Path),
                new ProjectionOptions(),
                new ProjectionMetrics(registry),
                reached => ShowProgress($"\r{reached:N0} of {journal.Head:N0} records"),
                cancellation);
            ShowProgress(Environment.NewLine);
            Console.WriteLine($"The projection is rebuilt up to position {position:N0}.");
        });
        return command;
    }

    /// <summary>Only where a person watches: a file would keep every step.</summary>
    private static void ShowProgress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(text);
        }
    }
}
