using System.CommandLine;
using System.Globalization;
using NodaTime;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary><c>vitrine workspace create|list|limit|retain</c>. All may run beside a server, which takes the change over at once.</summary>
internal static class WorkspaceCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("workspace", "Make, list and limit workspaces") { CreateCreate(), CreateList(), CreateLimit(), CreateRetain() };

    private static Command CreateCreate()
    {
        var id = new Argument<string?>("id") { Description = "1–64 letters, digits, '_' or '-' (default: made up)", Arity = ArgumentArity.ZeroOrOne };
        var zone = new Option<string>("--time-zone")
        {
            Description = "The IANA time zone in which its reports count days",
            DefaultValueFactory = static _ => "UTC",
        };
        var pseudonyms = new Option<bool>("--pseudonyms")
        {
            Description = "Store a keyed hash in the place of each customer id, for the workspace's whole life (docs/privacy.md)",
        };
        var key = KeyOption();
        var where = new CatalogArguments();
        var command = new Command("create", "Make a workspace and print its secret key, once") { id, zone, pseudonyms, key };
        where.AddTo(command);
        command.SetAction(parsed =>
        {
            var timeZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(parsed.GetValue(zone)!)
                ?? throw new CommandException($"'{parsed.GetValue(zone)}' is no IANA time zone; one looks like Europe/Berlin");
            using var catalog = where.Open(parsed, mayMake: true);
            var workspace = parsed.GetValue(id) ?? WorkspaceRules.NewId();
            var given = parsed.GetValue(key);
            var secret = given ?? WorkspaceRules.NewKey();
            catalog.CreateWorkspace(
                workspace, secret, timeZone, new WorkspaceSettings { PseudonymKey = parsed.GetValue(pseudonyms) ? Pseudonyms.NewKey() : null });
            CommonOptions.Note(catalog, workspace, "create_workspace", new { time_zone = timeZone.Id, pseudonyms = parsed.GetValue(pseudonyms) });
            Console.WriteLine($"Workspace id   {workspace}");
            Console.WriteLine(where.Describe(parsed));
            if (given is null)
            {
                Console.WriteLine($"Secret key     {secret}");
            }
        });
        return command;
    }

    private static Command CreateList()
    {
        var where = new CatalogArguments();
        var command = new Command("list", "List the workspaces");
        where.AddTo(command);
        command.SetAction(parsed =>
        {
            using var catalog = where.Open(parsed);
            var now = TimeProvider.System.GetUtcNow();
            foreach (var workspace in catalog.Current.Workspaces)
            {
                var keys = workspace.Keys.Count(key => key.IsValidAt(now));
                Console.WriteLine($"{workspace.Id}\t{workspace.TimeZone.Id}\tsince {workspace.CreatedAt:yyyy-MM-dd}\t{keys} {(keys == 1 ? "key" : "keys")}");
            }
        });
        return command;
    }

    private static Command CreateLimit()
    {
        var preset = new Option<string?>("--preset") { Description = "vendor: what the vendor's API takes, 10,000 fetches a minute; none: no limit at all" };
        preset.AcceptOnlyFromAmong("vendor", "none");
        var fetches = LimitOption("--fetches", "Fetches");
        var reports = LimitOption("--reports", "Requests that report events or set attributes");
        var management = LimitOption("--management", "All other requests of programs");
        var (workspace, where) = (CommonOptions.Workspace(), new CatalogArguments());
        var command = new Command("limit", "Set, and print, how many requests are taken in a minute from a workspace; its test environment has as many of its own")
        {
            preset, fetches, reports, management, workspace
        };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), (catalog, id) =>
        {
            var present = catalog.Current.Find(id)!.Workspace.Settings.RateLimits;
            var asked = parsed.GetValue(preset) switch
            {
                "vendor" => RateLimits.Vendor,
                "none" => RateLimits.None,
                _ => present,
            };
            asked = asked with
            {
                FetchesPerMinute = Limit(parsed.GetValue(fetches), asked.FetchesPerMinute),
                ReportsPerMinute = Limit(parsed.GetValue(reports), asked.ReportsPerMinute),
                ManagementPerMinute = Limit(parsed.GetValue(management), asked.ManagementPerMinute),
            };
            if (asked != present)
            {
                catalog.ChangeSettings(id, settings => settings with { RateLimits = asked });
                CommonOptions.Note(catalog, id, "set_rate_limits", asked);
            }

            Console.WriteLine($"Fetches a minute      {Words(asked.FetchesPerMinute)}");
            Console.WriteLine($"Reports a minute      {Words(asked.ReportsPerMinute)}");
            Console.WriteLine($"Management a minute   {Words(asked.ManagementPerMinute)}");
        }));
        return command;
    }

    private static Command CreateRetain()
    {
        var days = new Argument<string?>("days") { Description = "Days for which single events are kept, or ever (default: as it is)", Arity = ArgumentArity.ZeroOrOne };
        var (workspace, where) = (CommonOptions.Workspace(), new CatalogArguments());
        var command = new Command("retain", "Set, and print, for how many days single events of a workspace are kept; older ones become hourly figures (docs/retention.md)")
        {
            days, workspace
        };
        where.AddTo(command);
        command.SetAction(parsed => where.InWorkspace(parsed, parsed.GetValue(workspace), (catalog, id) =>
        {
            var present = catalog.Current.Find(id)!.Workspace.Settings.RetentionDays;
            var asked = parsed.GetValue(days) switch
            {
                null => present,
                "ever" => null,
                var given when int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
                var given => throw new CommandException($"'{given}' is no number of days; give one, or ever"),
            };
            if (asked != present)
            {
                catalog.ChangeSettings(id, settings => settings with { RetentionDays = asked });
                CommonOptions.Note(catalog, id, "set_retention", new { days = asked });
            }

            Console.WriteLine($"Single events are kept   {(asked is { } kept ? $"{kept:N0} {(kept == 1 ? "day" : "days")}" : "for ever")}");
        }));
        return command;
    }

    private static Option<string?> LimitOption(string name, string what) => new(name) { Description = $"{what} a minute, or none (default: as it is)" };

    private static int? Limit(string? given, int? present) =>
        given is null ? present
        : given == "none" ? null
        : int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : throw new CommandException($"'{given}' is no limit; one is a number of requests, or none");

    private static string Words(int? limit) => limit is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : "no limit";

    /// <summary><c>--new-key</c>.</summary>
    internal static Option<string?> KeyOption() => new("--new-key")
    {
        Description = "Set this key instead of a made-up one; visible to other users of the machine while the command runs",
    };
}
