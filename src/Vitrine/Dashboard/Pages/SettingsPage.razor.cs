using NodaTime;
using Vitrine.Experiences;
using Vitrine.People;
using Vitrine.Workspaces;

namespace Vitrine.Dashboard.Pages;

/// <summary>The workspace, its key and its people.</summary>
public sealed partial class SettingsPage
{
    private const int AuditEntries = 100;

    private string? _refusal;
    private int _refusals; // A field that shows what was refused is made anew.
    private string? _said;
    private string? _key;
    private string _zone = "";
    private double? _percent;
    private double? _overlap = 24;
    private string _personName = "";
    private Role _personRole;
    private string _personPassword = "";
    private string _newWorkspace = "";
    private string _newZone = "UTC";
    private bool _newPseudonyms;
    private string _present = "";
    private string _next = "";

    private string Retention => Options.Journal switch
    {
        { RetentionAge: null, RetentionBytes: null } => "everything",
        var journal => string.Join(" and ", new[]
        {
            journal.RetentionAge is { } age ? $"the last {age.TotalDays:0.#} days" : null,
            journal.RetentionBytes is { } bytes ? $"at most {bytes / (1L << 20):N0} MiB" : null,
        }.OfType<string>()) + "; the events stay in the reports",
    };

    private double Overlap => Math.Clamp(_overlap ?? 0, 0, 24 * 365);

    private bool HasPassword { get; set; }

    private IEnumerable<AuditEntry> Audit => new[] { EnvironmentId, Environment!.Workspace.Id, PersonStore.Everywhere }.Distinct()
        .SelectMany(id => Catalog.ReadAudit(id, null, long.MaxValue, AuditEntries))
        .OrderByDescending(static entry => entry.Number)
        .Take(AuditEntries);

    /// <inheritdoc/>
    protected override async Task LoadAsync(CancellationToken cancellation)
    {
        _zone = Environment!.Workspace.TimeZone.Id;
        _percent = (double)Store.Of(EnvironmentId).GlobalControlGroup.Percent;
        HasPassword = (await SignedIn.FindAsync())?.PasswordHash is not null;
    }

    private Task SetZoneAsync() => DoAsync($"Days are counted in {_zone} from now on.", async () =>
        await Administration.SetTimeZoneAsync(Environment!.Workspace.Id, ZoneOf(_zone)));

    private Task SetControlGroupAsync() => DoAsync($"{_percent ?? 0} % are kept out of everything.", () =>
        _percent is >= 0 and <= 100 && (decimal)_percent * 100 % 1 == 0
            ? Administration.SetControlGroupAsync(Environment!, new ControlGroup((decimal)_percent.Value))
            : throw new CatalogException("The control group is a number from 0 to 100 in steps of 0.01."));

    private async Task RotateAsync()
    {
        var hours = Overlap;
        if (await ConfirmedAsync($"Rotate the key of {Environment!.Workspace.Id}?", $"The present keys stop working in {hours:0.##} hours. Whoever uses them needs the new one by then.", "Rotate"))
        {
            await DoAsync(null, async () => _key = await Administration.RotateKeyAsync(Environment.Workspace.Id, TimeSpan.FromHours(hours)));
        }
    }

    private Task AddPersonAsync() => DoAsync($"{_personName} can sign in now.", async () =>
    {
        await Administration.CreatePersonAsync(_personName, _personRole, OpenId.IsUsed && _personPassword.Length == 0 ? null : _personPassword);
        (_personName, _personPassword, _personRole) = ("", "", Role.Viewer);
    });

    private Task SetRoleAsync(Person person, string role) => DoAsync($"{person.Name} is {role.ToLowerInvariant()} now.", () => Administration.SetRoleAsync(person.Name, Enum.Parse<Role>(role)));

    private async Task RemoveAsync(Person person)
    {
        if (await ConfirmedAsync($"Remove {person.Name}?", "Whatever they are signed in to ends. What they did stays in the audit log.", "Remove"))
        {
            await DoAsync($"{person.Name} is removed.", () => Administration.RemovePersonAsync(person.Name));
        }
    }

    private Task CreateWorkspaceAsync() => DoAsync($"The workspace {_newWorkspace} is there.", async () =>
        _key = await Administration.CreateWorkspaceAsync(_newWorkspace, ZoneOf(_newZone), _newPseudonyms));

    private Task ChangePasswordAsync() => DoAsync("The password is changed. Sign in anew where you go on.", async () =>
    {
        await Administration.ChangeOwnPasswordAsync(_present, _next);
        (_present, _next) = ("", "");
    });

    private static DateTimeZone ZoneOf(string id) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(id.Trim()) ?? throw new CatalogException($"'{id}' is no IANA time zone; one looks like Europe/Berlin.");

    private async Task<bool> ConfirmedAsync(string title, string text, string does) =>
        await Dialogs.ShowMessageBoxAsync(title, text, yesText: does, cancelText: "Cancel") == true;

    private async Task DoAsync(string? said, Func<Task> change)
    {
        (_refusal, _said, _key) = (null, null, null);
        try
        {
            await change();
            _said = said;
            await ShowAsync();
        }
        catch (Exception refusal) when (refusal is CatalogException or PersonRefusedException or NotAllowedException or AuthoringRefusedException)
        {
            _refusal = refusal.Message;
            _refusals++;
        }

        StateHasChanged(); // A part of the page may have asked.
    }
}
