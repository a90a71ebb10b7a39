using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary><c>vitrine restore</c>, into a data folder that holds nothing yet.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("folder") { Description = "A folder that 'vitrine backup' made" };
        var data = CommonOptions.Data();
        var command = new Command("restore", "Check a backup and put it into an empty data folder") { source, data };
        command.SetAction(parsed =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(source)!);
            var manifest = Backup.Check(folder); // Before the data folder is made.
            using var directory = DataDirectory.Take(parsed.GetValue(data)!);
            Backup.Restore(folder, manifest, directory);
            Console.WriteLine($"{manifest.Records:N0} records up to position {manifest.Position:N0} are restored to {directory.Path}. The first start builds the reports from them.");
        });
        return command;
    }
}
