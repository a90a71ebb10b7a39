using System.Security.Cryptography;
using NodaTime;
using Vitrine.Events;
using Vitrine.Workspaces;

namespace Vitrine.Commands;

/// <summary>Makes sure that there is a workspace, and greets whoever started the server.</summary>
internal sealed class FirstStart
{
    private readonly IReadOnlyList<string> _workspaces;
    private readonly string? _newWorkspace;
    private readonly string? _newKey;
    private readonly string _hint;

    private FirstStart(IReadOnlyList<string> workspaces, string? newWorkspace, string? newKey, string hint = "shown this once; 'vitrine key rotate' makes another") =>
        (_workspaces, _newWorkspace, _newKey, _hint) = (workspaces, newWorkspace, newKey, hint);

    /// <summary>The start of a demo, whose workspace has another key each time.</summary>
    public static FirstStart OfDemo(ICatalog catalog, string workspaceId, string key) =>
        new(Ids(catalog), workspaceId, key, "of made-up customers; each start of the demo makes another");

    /// <summary>
    /// Makes the workspace that the environment names, gives it the key that the environment holds, or makes one when
    /// there is none at all.
    /// </summary>
    /// <param name="catalog">Of this server, or of its cluster.</param>
    /// <param name="isShared">Whether other servers may be starting with the same catalog.</param>
    public static FirstStart Prepare(ICatalog catalog, bool isShared = false)
    {
        var id = CommonOptions.Variable(CommonOptions.WorkspaceVariable);
        var key = CommonOptions.Variable(CommonOptions.KeyVariable);
        var known = catalog.Current.Workspaces;
        if (id is null && (key is null ? known.Count > 0 : known.Count > 1))
        {
            return key is null
                ? new FirstStart(Ids(catalog), null, null)
                : throw new CommandException(
                    $"{CommonOptions.KeyVariable} is set but there are {known.Count} workspaces; say with {CommonOptions.WorkspaceVariable} whose key it is");
        }

        id ??= known.Count == 1 ? known[0].Id : WorkspaceRules.NewId();
        var workspace = catalog.Current.Find(id)?.Workspace;
        if (workspace is null && (!isShared || IsFirst(catalog, id)))
        {
            var newKey = key ?? WorkspaceRules.NewKey();
            catalog.CreateWorkspace(id, newKey, DateTimeZone.Utc);
            return new FirstStart(Ids(catalog), id, key is null ? newKey : null);
        }

        if (workspace is null)
        {
            return new FirstStart(Ids(catalog), null, null); // Another server is making it.
        }

        if (key is not null && !workspace.Keys.Any(one => CryptographicOperations.FixedTimeEquals(one.Hash, WorkspaceRules.Hash(key))))
        {
            catalog.RotateKey(id, key, TimeSpan.Zero);
        }

        return new FirstStart(Ids(catalog), null, null);
    }

    /// <summary>Of servers that start at the same time and would all make a workspace, one does.</summary>
    private static bool IsFirst(ICatalog catalog, string id)
    {
        var named = CommonOptions.Variable(CommonOptions.WorkspaceVariable) is null ? "" : id;
        return catalog.TryWrite(CatalogDocument.OfNobody, new AuditNote("vitrine", "first_start", named, null), new DocumentWrite("first-start", $"first-start-{named}", 0, "{}"u8.ToArray())) is not null;
    }

    /// <summary>Says where the server listens and, once, what is needed to speak to it.</summary>
    /// <param name="output">Where to say it.</param>
    /// <param name="urls">The addresses it listens on.</param>
    /// <param name="code">Opens the page that makes the first person; null when there are people.</param>
    public void Print(TextWriter output, IEnumerable<string> urls, string? code)
    {
        var addresses = urls.ToList();
        var version = typeof(FirstStart).Assembly.GetName().Version!.ToString(3);
        output.WriteLine($"Vitrine {version} listens on {string.Join(", ", addresses)}");
        if (code is not null)
        {
            output.WriteLine($"Nobody can sign in yet. Make the first person: {Reachable(addresses[0])}/welcome?code={code}");
        }

        if (_newWorkspace is null)
        {
            output.WriteLine($"Workspaces: {string.Join(", ", _workspaces)}");
            output.Flush();
            return;
        }

        var address = Reachable(addresses[0]);
        var key = _newKey ?? "$" + CommonOptions.KeyVariable;
        output.WriteLine($"""

              Workspace id   {_newWorkspace}
              Secret key     {_newKey ?? $"as set in {CommonOptions.KeyVariable}; set it too where you paste the commands"}{(_newKey is null ? "" : $"   ({_hint})")}

            Report an impression:

            curl -sS {address}/v1/experiences/events \
              -u "{_newWorkspace}:{key}" -H 'MOE-APPKEY: {_newWorkspace}' -H 'Content-Type: application/json' \
              -d '{ExampleEvent.Body}'

            Read its report:

            curl -sS -u "{_newWorkspace}:{key}" '{address}/api/v1/reports/experiences/{ExampleEvent.ExperienceId}?by=variation'

            The whole interface: {address}/docs
            """);
        output.Flush();
    }

    /// <summary>Prints a new key where the start fails: the workspace exists from now on, and no later start would tell.</summary>
    public void PrintKey(TextWriter output)
    {
        if (_newKey is not null)
        {
            output.WriteLine($"Workspace id   {_newWorkspace}");
            output.WriteLine($"Secret key     {_newKey}   ({_hint})");
            output.Flush();
        }
    }

    /// <summary>An address to call from this machine, where the server listens on every one of its own.</summary>
    private static string Reachable(string address) => address
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//+", "//127.0.0.1", StringComparison.Ordinal)
        .TrimEnd('/');

    private static List<string> Ids(ICatalog catalog) => [.. catalog.Current.Workspaces.Select(static workspace => workspace.Id)];
}
