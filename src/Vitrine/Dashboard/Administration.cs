using System.Text;
using System.Text.Json;
using NodaTime;
using Vitrine.Experiences;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.People;
using Vitrine.Privacy;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard;

/// <summary>Workspaces, keys and people, changed by whoever is signed in, in that person's name.</summary>
/// <remarks>Each member asks first whether the person may; all but <see cref="ChangeOwnPasswordAsync"/> are an admin's. All leave an entry in the audit log.</remarks>
internal sealed class Administration(SignedIn signedIn, ICatalog catalog, PersonStore people, ExperienceAuthoring authoring, ErasureRequests requests, ErasureList erasures)
{
    /// <summary>Makes a workspace; answers its key, which nobody can read again.</summary>
    public async Task<string> CreateWorkspaceAsync(string id, DateTimeZone zone, bool pseudonyms)
    {
        var admin = await AdminAsync();
        var key = WorkspaceRules.NewKey();
        catalog.CreateWorkspace(id, key, zone, new WorkspaceSettings { PseudonymKey = pseudonyms ? Pseudonyms.NewKey() : null });
        Note(id, admin, "create_workspace", new { time_zone = zone.Id, pseudonyms });
        return key;
    }

    /// <summary>Gives a workspace a new key; answers it. The old ones go on for a while.</summary>
    public async Task<string> RotateKeyAsync(string workspaceId, TimeSpan overlap)
    {
        var admin = await AdminAsync();
        var key = WorkspaceRules.NewKey();
        catalog.RotateKey(workspaceId, key, overlap);
        Note(workspaceId, admin, "rotate_key", new { overlap_hours = overlap.TotalHours });
        return key;
    }

    /// <summary>Makes a client key; answers it.</summary>
    public async Task<string> CreateClientKeyAsync(string workspaceId, IReadOnlyList<string> origins, int? requestsPerMinute)
    {
        var admin = await AdminAsync();
        var key = WorkspaceRules.NewClientKey();
        catalog.CreateClientKey(workspaceId, key, origins, requestsPerMinute);
        Note(workspaceId, admin, "create_client_key", new { key, origins, requests_per_minute = requestsPerMinute });
        return key;
    }

    /// <summary>Puts a new client key in the place of one, which goes on for a while; answers it.</summary>
    public async Task<string> RotateClientKeyAsync(string workspaceId, string key, TimeSpan overlap)
    {
        var admin = await AdminAsync();
        var successor = WorkspaceRules.NewClientKey();
        catalog.RotateClientKey(workspaceId, key, successor, overlap);
        Note(workspaceId, admin, "rotate_client_key", new { key, successor, overlap_hours = overlap.TotalHours });
        return successor;
    }

    /// <summary>Ends a client key.</summary>
    public async Task RevokeClientKeyAsync(string workspaceId, string key)
    {
        var admin = await AdminAsync();
        catalog.RevokeClientKey(workspaceId, key);
        Note(workspaceId, admin, "revoke_client_key", new { key });
    }

    /// <summary>Sets a workspace's zone.</summary>
    public async Task SetTimeZoneAsync(string workspaceId, DateTimeZone zone)
    {
        var admin = await AdminAsync();
        catalog.SetTimeZone(workspaceId, zone);
        Note(workspaceId, admin, "set_time_zone", new { time_zone = zone.Id });
    }

    /// <summary>Sets how many requests of a workspace are taken in a minute.</summary>
    public async Task SetRateLimitsAsync(string workspaceId, RateLimits limits)
    {
        var admin = await AdminAsync();
        catalog.ChangeSettings(workspaceId, settings => settings with { RateLimits = limits });
        Note(workspaceId, admin, "set_rate_limits", limits);
    }

    /// <summary>Sets for how many days single events are kept; null: for ever.</summary>
    public async Task SetRetentionAsync(string workspaceId, int? days)
    {
        var admin = await AdminAsync();
        catalog.ChangeSettings(workspaceId, settings => settings with { RetentionDays = days });
        Note(workspaceId, admin, "set_retention", new { days });
    }

    /// <summary>Sets who is kept out of all experiences.</summary>
    public async Task SetControlGroupAsync(WorkspaceEnvironment environment, ControlGroup group) =>
        authoring.SetGlobalControlGroup(environment, await AdminAsync(), group);

    /// <summary>Erases a customer.</summary>
    /// <exception cref="CatalogException">It is no customer's id, or the request cannot be stored right now.</exception>
    public async Task EraseAsync(WorkspaceEnvironment environment, string customerId)
    {
        var admin = await AdminAsync();
        if (CustomerRules.WhyNotId(Encoding.UTF8.GetBytes(customerId)) is { } reason)
        {
            throw new CatalogException($"The customer id {reason}.");
        }

        if ((await requests.AppendAsync(environment, admin, [customerId])).Outcome != AppendOutcome.Durable)
        {
            throw new CatalogException("The request cannot be stored right now; nobody is erased. Try it again in a moment.");
        }
    }

    /// <summary>The newest erasures of an environment.</summary>
    public async Task<IReadOnlyList<Erasure>> ErasuresAsync(WorkspaceEnvironment environment, int most)
    {
        await AdminAsync();
        return [.. erasures.Of(environment.Id).Take(most)];
    }

    /// <summary>Makes a person; without a password one who signs in at the sign-in service.</summary>
    public async Task CreatePersonAsync(string name, Role role, string? password) => people.Create(await AdminAsync(), name, role, password);

    /// <summary>Gives a person another role.</summary>
    public async Task SetRoleAsync(string name, Role role) => people.SetRole(await AdminAsync(), name, role);

    /// <summary>Gives a person another password.</summary>
    public async Task SetPasswordAsync(string name, string password) => people.SetPassword(await AdminAsync(), name, password);

    /// <summary>Removes a person.</summary>
    public async Task RemovePersonAsync(string name) => people.Remove(await AdminAsync(), name);

    /// <summary>Gives whoever is signed in another password, who must know the present one.</summary>
    /// <exception cref="PersonRefusedException">The present password is wrong, or the new one cannot be one.</exception>
    public async Task ChangeOwnPasswordAsync(string present, string password)
    {
        var person = await signedIn.DemandAsync(Role.Viewer);
        _ = people.Authenticate(person.Name, present) ?? throw new PersonRefusedException("The present password is another one.");
        people.SetPassword(person.Name, person.Name, password);
    }

    private async Task<string> AdminAsync() => (await signedIn.DemandAsync(Role.Admin)).Name;

    private void Note<T>(string workspaceId, string by, string action, T detail) =>
        catalog.TryWrite(workspaceId, new AuditNote(by, action, workspaceId, JsonSerializer.SerializeToUtf8Bytes(detail)));
}
