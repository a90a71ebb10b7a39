using System.CommandLine;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine key rotate</c>.</summary>
internal static class KeyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("key", "Replace secret keys") { CreateRotate() };

    private static Command CreateRotate()
    {
        var workspace = CommonOptions.Workspace();
        var overlap = new Option<string>("--overlap")
        {
            Description = "How long the old keys keep working beside the new one, for example 24h",
            DefaultValueFactory = static _ => "0s",
        };
        var key = WorkspaceCommand.KeyOption();
        var data = CommonOptions.Data();
        var command = new Command("rotate", "Give a workspace a new key and print it, once") { workspace, overlap, key, data };
        command.SetAction(parsed =>
        {
            using var directory = DataDirectory.Visit(parsed.GetValue(data)!);
            using var catalog = new SqliteCatalog(directory.Catalog, TimeProvider.System);
            var id = parsed.GetValue(workspace) ?? CommonOptions.Variable(CommonOptions.WorkspaceVariable) ?? OnlyWorkspace(catalog);
            if (id.EndsWith(WorkspaceEnvironment.TestSuffix, StringComparison.Ordinal))
            {
                throw new CommandException($"{id} is a test environment and has its workspace's keys; name the workspace: {id[..^WorkspaceEnvironment.TestSuffix.Length]}");
            }

            var given = parsed.GetValue(key);
            var secret = given ?? WorkspaceRules.NewKey();
            var period = Quantity.Duration(parsed.GetValue(overlap)!);
            catalog.RotateKey(id, secret, period);
            Console.WriteLine($"Workspace id   {id}");
            if (given is null)
            {
                Console.WriteLine($"Secret key     {secret}");
            }

            Console.WriteLine(period == TimeSpan.Zero
                ? "The old keys no longer work."
                : $"The old keys work until {TimeProvider.System.GetUtcNow() + period:yyyy-MM-dd HH:mm:ss} UTC.");
        });
        return command;
    }

    private static string OnlyWorkspace(SqliteCatalog catalog) => catalog.Current.Workspaces is [var only]
        ? only.Id
        : throw new CommandException($"there are {catalog.Current.Workspaces.Count} workspaces; name one with --workspace");
}
