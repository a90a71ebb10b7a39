using System.CommandLine;
using NodaTime;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine workspace create|list</c>. Both may run beside a server, which takes the change over at once.</summary>
internal static class WorkspaceCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("workspace", "Make and list workspaces") { CreateCreate(), CreateList() };

    private static Command CreateCreate()
    {
        var id = new Argument<string?>("id") { Description = "1–64 letters, digits, '_' or '-' (default: made up)", Arity = ArgumentArity.ZeroOrOne };
        var zone = new Option<string>("--time-zone")
        {
            Description = "The IANA time zone in which its reports count days",
            DefaultValueFactory = static _ => "UTC",
        };
        var key = KeyOption();
        var data = CommonOptions.Data();
        var command = new Command("create", "Make a workspace and print its secret key, once") { id, zone, key, data };
        command.SetAction(parsed =>
        {
            var timeZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(parsed.GetValue(zone)!)
                ?? throw new CommandException($"'{parsed.GetValue(zone)}' is no IANA time zone; one looks like Europe/Berlin");
            var directory = Path.GetFullPath(parsed.GetValue(data)!);
            DataDirectory.Create(directory);
            using var catalog = new SqliteCatalog(DataDirectory.CatalogIn(directory), TimeProvider.System);
            var workspace = parsed.GetValue(id) ?? WorkspaceRules.NewId();
            var given = parsed.GetValue(key);
            var secret = given ?? WorkspaceRules.NewKey();
            catalog.CreateWorkspace(workspace, secret, timeZone);
            Console.WriteLine($"Workspace id   {workspace}");
            Console.WriteLine($"Data folder    {directory}");
            if (given is null)
            {
                Console.WriteLine($"Secret key     {secret}");
            }
        });
        return command;
    }

    private static Command CreateList()
    {
        var data = CommonOptions.Data();
        var command = new Command("list", "List the workspaces") { data };
        command.SetAction(parsed =>
        {
            using var directory = DataDirectory.Visit(parsed.GetValue(data)!);
            using var catalog = new SqliteCatalog(directory.Catalog, TimeProvider.System);
            var now = TimeProvider.System.GetUtcNow();
            foreach (var workspace in catalog.Current.Workspaces)
            {
                var keys = workspace.Keys.Count(key => key.IsValidAt(now));
                Console.WriteLine($"{workspace.Id}\t{workspace.TimeZone.Id}\tsince {workspace.CreatedAt:yyyy-MM-dd}\t{keys} {(keys == 1 ? "key" : "keys")}");
            }
        });
        return command;
    }

    /// <summary><c>--new-key</c>.</summary>
    internal static Option<string?> KeyOption() => new("--new-key")
    {
        Description = "Set this key instead of a made-up one; visible to other users of the machine while the command runs",
    };
}
