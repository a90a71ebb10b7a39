using System.CommandLine;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine key create|list|revoke|rotate</c>.</summary>
internal static class KeyCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("key", "Replace secret keys, and keep client keys")
    {
        ClientKeyCommand.CreateCreate(), ClientKeyCommand.CreateList(), ClientKeyCommand.CreateRevoke(), CreateRotate(),
    };

    private static Command CreateRotate()
    {
        var workspace = CommonOptions.Workspace();
        var overlap = new Option<string>("--overlap")
        {
            Description = "How long the old keys keep working beside the new one, for example 24h",
            DefaultValueFactory = static _ => "0s",
        };
        var client = new Option<string?>("--client-key") { Description = "Replace this client key instead of the secret ones" };
        var limit = new Option<int?>("--requests-per-minute") { Description = "How many requests with the new secret key are taken in a minute (default: any number)" };
        var key = WorkspaceCommand.KeyOption();
        var where = new CatalogArguments();
        var command = new Command("rotate", "Give a workspace a new key and print it, once") { workspace, overlap, client, limit, key };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), (catalog, id) =>
        {
            var (given, replaced) = (parsed.GetValue(key), parsed.GetValue(client));
            var made = given ?? (replaced is null ? WorkspaceRules.NewKey() : WorkspaceRules.NewClientKey());
            var period = Quantity.Duration(parsed.GetValue(overlap)!);
            if (replaced is null)
            {
                catalog.RotateKey(id, made, period, parsed.GetValue(limit));
                CommonOptions.Note(catalog, id, "rotate_key", new { overlap_hours = period.TotalHours, requests_per_minute = parsed.GetValue(limit) });
            }
            else if (parsed.GetValue(limit) is not null)
            {
                throw new CommandException("a client key keeps its limit; make another with 'vitrine key create --client --requests-per-minute'");
            }
            else
            {
                catalog.RotateClientKey(id, replaced, made, period);
                CommonOptions.Note(catalog, id, "rotate_client_key", new { key = replaced, successor = made, overlap_hours = period.TotalHours });
            }

            Console.WriteLine($"Workspace id   {id}");
            if (given is null)
            {
                Console.WriteLine(replaced is null ? $"Secret key     {made}" : $"Client key     {made}");
            }

            Console.WriteLine(period == TimeSpan.Zero
                ? "What it replaces no longer works."
                : $"What it replaces works until {TimeProvider.System.GetUtcNow() + period:yyyy-MM-dd HH:mm:ss} UTC.");
        }));
        return command;
    }
}
