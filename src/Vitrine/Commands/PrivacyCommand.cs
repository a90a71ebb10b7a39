using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Vitrine.Commands;

/// <summary><c>vitrine privacy erase|export|list</c>: the rights of customers, exercised through a running server.</summary>
internal static class PrivacyCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Creates the command.</summary>
    public static Command Create() => new("privacy", "Erase customers, and hand out what is known of one") { CreateErase(), CreateExport(), CreateList() };

    private static Command CreateErase()
    {
        var customers = new Option<string[]>("--customer") { Description = "The customer's id; may be given several times", DefaultValueFactory = static _ => [] };
        var emails = new Option<string[]>("--email") { Description = "Every customer whose profile has this address as u_em", DefaultValueFactory = static _ => [] };
        var mobiles = new Option<string[]>("--mobile") { Description = "Every customer whose profile has this number as u_mb", DefaultValueFactory = static _ => [] };
        var wait = new Option<bool>("--wait") { Description = "Wait until nothing is left in any file of the data folder, which may take the server's --erasure-interval" };
        var connection = new ConnectionOptions();
        var command = new Command("erase", "Erase customers: their events, profiles and whatever the journal says of them") { customers, emails, mobiles, wait };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var identities = Identities("ID", parsed.GetValue(customers)!).Concat(Identities("email", parsed.GetValue(emails)!)).Concat(Identities("mobile", parsed.GetValue(mobiles)!)).ToList();
            if (identities.Count == 0)
            {
                throw new CommandException("say whom: --customer, --email or --mobile");
            }

            using var client = connection.Connect(parsed);
            var body = new { request_type = "erasure", submitted_time = TimeProvider.System.GetUtcNow(), identities, api_version = "1.0" };
            using var answer = await client.PostAsJsonAsync($"v1/opengdpr_requests/{CommonOptions.WorkspaceOf(client)}", body, cancellation);
            var json = await CommonOptions.ReadAsync(client, answer, cancellation);
            var id = json.GetProperty("request_id").GetString()!;
            Console.WriteLine($"The request is accepted: {id}. 'vitrine privacy list' says how far it is.");
            if (parsed.GetValue(wait))
            {
                await WaitAsync(client, id, cancellation);
                Console.WriteLine("Nothing of them is left.");
            }
        });
        return command;
    }

    private static Command CreateExport()
    {
        var customer = new Option<string>("--customer") { Description = "The customer's id", Required = true };
        var output = new Option<string>("--output") { Description = "The archive to write (ZIP); it must not exist", Required = true };
        var connection = new ConnectionOptions();
        var command = new Command("export", "Write everything that is known of a customer into one archive") { customer, output };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var file = parsed.GetValue(output)!;
            if (File.Exists(file))
            {
                throw new CommandException($"{file} exists already");
            }

            using var client = connection.Connect(parsed);
            client.Timeout = TimeSpan.FromHours(1);
            using var answer = await client.GetAsync(
                new Uri($"api/v1/customers/{Uri.EscapeDataString(parsed.GetValue(customer)!)}/export", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                await CommonOptions.ReadAsync(client, answer, cancellation);
            }

            var made = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                made.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // It concerns nobody else on the machine.
            }

            await using var target = new FileStream(file, made);
            await answer.Content.CopyToAsync(target, cancellation);
            Console.WriteLine($"What is known is in {file}.");
        });
        return command;
    }

    private static Command CreateList()
    {
        var connection = new ConnectionOptions();
        var command = new Command("list", "List the erasures, the newest first; who was erased nobody knows");
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = connection.Connect(parsed);
            using var answer = await client.GetAsync(new Uri("api/v1/erasures", UriKind.Relative), cancellation);
            foreach (var one in (await CommonOptions.ReadAsync(client, answer, cancellation)).GetProperty("erasures").EnumerateArray())
            {
                Console.WriteLine(string.Join('\t', one.GetProperty("request_id").GetString() ?? "restored", one.GetProperty("received_at").GetString(), one.GetProperty("by").GetString(),
                    one.GetProperty("customers").GetInt32().ToString("N0", CultureInfo.InvariantCulture) + " customers", one.GetProperty("state").GetString()));
            }
        });
        return command;
    }

    private static IEnumerable<object> Identities(string type, string[] values) => values.Select(value => new { identity_type = type, identity_value = value });

    private static async Task WaitAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        while (true)
        {
            using var answer = await client.GetAsync(new Uri($"api/v1/erasures/{id}", UriKind.Relative), cancellation);
            if (answer.StatusCode != HttpStatusCode.NotFound && (await CommonOptions.ReadAsync(client, answer, cancellation)).GetProperty("state").GetString() == "erased")
            {
                return;
            }

            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }
    }

    /// <summary>Where the server is, and for whom it is asked.</summary>
    private sealed class ConnectionOptions
    {
        private readonly Option<string?> _url = CommonOptions.Url();
        private readonly Option<string?> _workspace = CommonOptions.Workspace();
        private readonly Option<string?> _key = CommonOptions.Key();

        public void AddTo(Command command)
        {
            command.Add(_url);
            command.Add(_workspace);
            command.Add(_key);
        }

        public HttpClient Connect(ParseResult parsed) => CommonOptions.Connect(parsed.GetValue(_url), parsed.GetValue(_workspace), parsed.GetValue(_key));
    }
}
