using System.CommandLine;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine key create|list|revoke</c>: keys that pages and apps hold. All may run beside a server, which takes the change over at once.</summary>
internal static class ClientKeyCommand
{
    /// <summary>Creates <c>create</c>.</summary>
    public static Command CreateCreate()
    {
        var client = new Option<bool>("--client") { Description = "A client key, which may be published: it reports impressions and clicks and fetches, nothing else" };
        var origins = new Option<string[]>("--origin")
        {
            Description = "An origin whose pages may use it, such as https://shop.example; may be given several times; '*' for all. Without one it is for apps, which send no origin",
            DefaultValueFactory = static _ => [],
        };
        var limit = new Option<int?>("--requests-per-minute") { Description = "How many requests are taken in a minute (default: any number)" };
        var (workspace, where) = (CommonOptions.Workspace(), new CatalogArguments());
        var command = new Command("create", "Make a client key and print it") { client, origins, limit, workspace };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), (catalog, id) =>
        {
            if (!parsed.GetValue(client))
            {
                throw new CommandException("say --client: a workspace has one secret key, which 'vitrine key rotate' replaces");
            }

            var key = WorkspaceRules.NewClientKey();
            catalog.CreateClientKey(id, key, parsed.GetValue(origins)!, parsed.GetValue(limit));
            CommonOptions.Note(catalog, id, "create_client_key", new { key, origins = parsed.GetValue(origins), requests_per_minute = parsed.GetValue(limit) });
            Console.WriteLine($"Workspace id   {id}");
            Console.WriteLine($"Client key     {key}");
        }));
        return command;
    }

    /// <summary>Creates <c>list</c>.</summary>
    public static Command CreateList()
    {
        var (workspace, where) = (CommonOptions.Workspace(), new CatalogArguments());
        var command = new Command("list", "List a workspace's client keys; secret keys are known to nobody but their holders") { workspace };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), static (catalog, id) =>
        {
            foreach (var key in catalog.Current.Find(id)!.Workspace.ClientKeys.Where(static key => key.IsValidAt(TimeProvider.System.GetUtcNow())))
            {
                Console.WriteLine(string.Join('\t', key.Key, string.Join(' ', key.Origins), Limit(key), key.ExpiresAt is { } end ? $"until {end:yyyy-MM-dd HH:mm:ss} UTC" : ""));
            }
        }));
        return command;
    }

    /// <summary>Creates <c>revoke</c>.</summary>
    public static Command CreateRevoke()
    {
        var key = new Argument<string>("key") { Description = "The client key" };
        var (workspace, where) = (CommonOptions.Workspace(), new CatalogArguments());
        var command = new Command("revoke", "End a client key at once") { key, workspace };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), (catalog, id) =>
        {
            catalog.RevokeClientKey(id, parsed.GetValue(key)!);
            CommonOptions.Note(catalog, id, "revoke_client_key", new { key = parsed.GetValue(key) });
            Console.WriteLine("The key no longer works.");
        }));
        return command;
    }

    private static string Limit(ClientKey key) => key.RequestsPerMinute is { } limit ? $"{limit} requests a minute" : "no limit";
}
