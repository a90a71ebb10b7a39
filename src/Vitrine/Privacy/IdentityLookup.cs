using System.Text.Json;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Privacy;

/// <summary>Finds the customers whom identities mean. All of them: an address may stand in several profiles.</summary>
internal sealed class IdentityLookup(IJournal journal, Projector projector, ProjectionReader reader)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The ids of the customers; an id that is given is one whether it is known or not.</summary>
    /// <exception cref="ProjectionUnavailableException">The profiles cannot be looked through at the moment.</exception>
    public async Task<IReadOnlyList<string>> FindAsync(WorkspaceEnvironment environment, IReadOnlyList<OpenGdprIdentity> identities, CancellationToken cancellation)
    {
        var customers = identities.Where(static one => one.IsId).Select(static one => one.Value!).ToHashSet(StringComparer.Ordinal);
        var wanted = identities.Where(static one => !one.IsId).Select(static one => (one.Attribute!, one.Value!.Trim().ToUpperInvariant())).ToHashSet();
        if (wanted.Count > 0)
        {
            if (!await projector.WaitForAsync(await journal.FindHeadAsync(cancellation), Patience, cancellation))
            {
                throw new ProjectionUnavailableException("Profiles that were acknowledged are not all there to be looked through; ask again in a moment.", null);
            }

            customers.UnionWith(await reader.ExportAsync(environment.Workspace.Id, (connection, stop) => Find(connection, environment.Id, wanted, stop), cancellation));
        }

        return [.. customers];
    }

    private static List<string> Find(DuckDBConnection connection, string environmentId, HashSet<(string Attribute, string Value)> wanted, CancellationToken stop)
    {
        var names = wanted.Select(static one => one.Attribute).Distinct(StringComparer.Ordinal).ToList();
        using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT c.customer_id, p.attributes
            FROM profiles p JOIN customers c USING (customer) JOIN environments e USING (environment)
            WHERE e.id = $environment AND ({string.Join(" OR ", names.Select(static name => $"contains(p.attributes, '\"{name}\"')"))})
            """;
        command.Parameters.Add(new DuckDBParameter("environment", environmentId));
        command.UseStreamingMode = true;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read())
        {
            stop.ThrowIfCancellationRequested();
            using var profile = JsonDocument.Parse(rows.GetString(1));
            if (names.Exists(name => profile.RootElement.TryGetProperty(name, out var held) && wanted.Contains((name, held.ToString().ToUpperInvariant()))))
            {
                found.Add(rows.GetString(0));
            }
        }

        return found;
    }
}
