using System.CommandLine;
using Vitrine.Hosting;
using Vitrine.Privacy;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine restore</c>, into a data folder that holds nothing yet.</summary>
internal static class RestoreCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var source = new Argument<string>("folder") { Description = "A folder that 'vitrine backup' made" };
        var erasures = new Option<string?>("--erasures")
        {
            Description = "A later backup, or a data folder, whose erasures of customers are done again on what is restored",
        };
        var data = CommonOptions.Data();
        var command = new Command("restore", "Check a backup and put it into an empty data folder") { source, erasures, data };
        command.SetAction(parsed =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(source)!);
            var manifest = Backup.Check(folder); // Before the data folder is made.
            var later = parsed.GetValue(erasures);
            if (later is not null && !File.Exists(Backup.CatalogOf(later)))
            {
                throw new CommandException($"{later} is neither a backup nor a data folder: it has no catalog");
            }

            using var directory = DataDirectory.Take(parsed.GetValue(data)!);
            var taken = 0;
            Backup.Restore(folder, manifest, directory, catalog => taken = later is null ? 0 : TakeOverErasures(later, catalog));
            Console.WriteLine($"{manifest.Records:N0} records up to position {manifest.Position:N0} are restored to {directory.Path}. The first start builds the reports from them.");
            Console.WriteLine(later is null
                ? "Customers who were erased after this backup was taken are in it: restore with --erasures, naming a later backup or the last data folder, to erase them again."
                : $"{taken:N0} erasures came after this backup; the first start does them again.");
        });
        return command;
    }

    /// <summary>Takes over the erasures of a folder, which stays as it is; answers how many were missing.</summary>
    private static int TakeOverErasures(string folder, string catalog)
    {
        var copy = Directory.CreateTempSubdirectory("vitrine-erasures-");
        try
        {
            Backup.CopyDatabase(Backup.CatalogOf(folder), DataDirectory.CatalogIn(copy.FullName));
            using var later = new SqliteCatalog(DataDirectory.CatalogIn(copy.FullName), TimeProvider.System);
            using var restored = new SqliteCatalog(catalog, TimeProvider.System);
            return new ErasureList(restored).TakeOver(later);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }
}
