using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary><c>vitrine backup</c>, beside a running server or without one.</summary>
internal static class BackupCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var target = new Argument<string>("folder") { Description = "A folder to make; it must not exist, but for an incremental backup" };
        var incremental = new Option<bool>("--incremental") { Description = "Copy only what the journal has got since the last time, into the same folder" };
        var data = CommonOptions.Data();
        var command = new Command("backup", "Copy a server's data, running or not, into a folder") { target, incremental, data };
        command.SetAction(parsed =>
        {
            using var directory = DataDirectory.Visit(parsed.GetValue(data)!);
            var folder = Path.GetFullPath(parsed.GetValue(target)!);
            if (parsed.GetValue(incremental))
            {
                var (taken, added) = IncrementalBackup.Take(directory, folder, TimeProvider.System);
                Console.WriteLine($"{added:N0} records are new; {taken.Records:N0} up to position {taken.Position:N0} are in {folder}; restore them with 'vitrine restore'.");
                return;
            }

            var manifest = Backup.Take(directory, folder, TimeProvider.System);
            Console.WriteLine($"{manifest.Records:N0} records up to position {manifest.Position:N0} are in {folder}; restore them with 'vitrine restore'.");
        });
        return command;
    }
}
