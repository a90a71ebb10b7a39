using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Vitrine.Workspaces;

namespace Vitrine.People;

/// <summary>The people who may sign in, as the catalog has them.</summary>
/// <remarks>
/// Any thread may call any member. The people are read when the catalog says that something changed, so that a role that
/// is taken away is gone with the next thing that its holder tries, also where another process took it. Of two who change
/// a person at the same time the second is refused.
/// </remarks>
public sealed partial class PersonStore : IDisposable
{
    /// <summary>People belong to the server, not to one of its environments.</summary>
    internal const string Everywhere = "";

    private const string Kind = "person";

    private readonly ICatalog _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<PersonStore> _logger;
    private readonly Passwords _passwords;
    private readonly Lock _gate = new();
    private FrozenDictionary<string, (Person Person, long Revision)> _people = FrozenDictionary<string, (Person, long)>.Empty;
    private long _change = -1;

    /// <summary>Reads the people, and follows the catalog until it is disposed of.</summary>
    public PersonStore(ICatalog catalog, Passwords passwords, TimeProvider time, ILogger<PersonStore> logger)
    {
        (_catalog, _passwords, _time, _logger) = (catalog, passwords, time, logger);
        TakeOver();
        _catalog.DocumentsChanged += TakeOver;
    }

    /// <summary>Everybody who may sign in, by name.</summary>
    public IEnumerable<Person> All => People.Values.Select(static one => one.Person).Where(static person => !person.IsRemoved).OrderBy(static person => person.Name, StringComparer.Ordinal);

    /// <summary>Whether nobody was ever made.</summary>
    public bool IsEmpty => People.Count == 0;

    private FrozenDictionary<string, (Person Person, long Revision)> People => Volatile.Read(ref _people);

    /// <summary>Somebody who may sign in; null when there is none of that name.</summary>
    public Person? Find(string name) => People.GetValueOrDefault(PersonRules.Normalise(name)).Person is { IsRemoved: false } person ? person : null;

    /// <summary>The person whom the sign-in service knows by an identifier; null when there is none.</summary>
    public Person? FindBySubject(string subject) => All.FirstOrDefault(person => person.Subject == subject);

    /// <summary>Whether a name, or what the sign-in service knows somebody by, is that of a person who was removed.</summary>
    public bool WasRemoved(string name, string subject) => People.GetValueOrDefault(PersonRules.Normalise(name)).Person is { IsRemoved: true }
        || People.Values.Any(one => one.Person.IsRemoved && one.Person.Subject == subject);

    /// <summary>The person whose name and password these are; null when they are not. It takes as long for a name that nobody has.</summary>
    public Person? Authenticate(string name, string password)
    {
        var person = Find(name);
        return password.Length <= PersonRules.MaximumPasswordLength && _passwords.IsRight(person, password) ? person : null;
    }

    /// <summary>Makes a person.</summary>
    /// <param name="by">Who does it.</param>
    /// <param name="name">The name, in any case.</param>
    /// <param name="role">What the person may do.</param>
    /// <param name="password">The password; null for whoever signs in elsewhere only.</param>
    /// <exception cref="PersonRefusedException">The name is taken or cannot be one, or the password cannot be one.</exception>
    public Person Create(string by, string name, Role role, string? password)
    {
        var kept = PersonRules.Normalise(name);
        return (PersonRules.WhyNotName(kept) ?? (password is null ? null : PersonRules.WhyNotPassword(password, kept))) is { } reason
            ? throw new PersonRefusedException(reason)
            : Create(by, kept, role, person => WithPassword(person, password));
    }

    /// <summary>Makes a person who signs in at the sign-in service.</summary>
    /// <exception cref="PersonRefusedException">The name is taken or cannot be one.</exception>
    public Person CreateElsewhere(string by, string name, Role role, string subject) =>
        Create(by, PersonRules.Normalise(name), role, person => person with { Subject = subject });

    /// <summary>Notes by what the sign-in service knows a person, and the role.</summary>
    /// <exception cref="PersonRefusedException">There is no such person.</exception>
    public Person Bind(string by, string name, string subject, Role role) =>
        Change(by, "bind_person", name, person => person with { Subject = subject, Role = role });

    /// <summary>Gives a person the role that the sign-in service says, also to the last admin: the service can give it back.</summary>
    /// <exception cref="PersonRefusedException">There is no such person.</exception>
    public Person SetRoleAsSaid(string by, string name, Role role) => Change(by, "set_role", name, person => person with { Role = role });

    /// <summary>Gives a person another role.</summary>
    /// <exception cref="PersonRefusedException">There is no such person, or nobody would be admin.</exception>
    public Person SetRole(string by, string name, Role role) =>
        Change(by, "set_role", name, person => role < Role.Admin ? KeepAnAdmin(person) with { Role = role } : person with { Role = role });

    /// <summary>Gives a person another password, which ends where the person was signed in.</summary>
    /// <exception cref="PersonRefusedException">There is no such person, or the password cannot be one.</exception>
    public Person SetPassword(string by, string name, string password) =>
        Change(by, "set_password", name, person => PersonRules.WhyNotPassword(password, person.Name) is { } reason
            ? throw new PersonRefusedException(reason)
            : WithPassword(person, password));

    /// <summary>Removes a person.</summary>
    /// <exception cref="PersonRefusedException">There is no such person, or nobody would be admin.</exception>
    public void Remove(string by, string name) => Change(by, "remove_person", name, person => KeepAnAdmin(person) with { IsRemoved = true, PasswordHash = null });

    /// <inheritdoc/>
    public void Dispose() => _catalog.DocumentsChanged -= TakeOver;

    private static string NewStamp() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private Person WithPassword(Person person, string? password) =>
        person with { PasswordHash = password is null ? null : _passwords.Hash(person, password) };

    private Person KeepAnAdmin(Person person) => All.Any(other => other.Role == Role.Admin && other.Name != person.Name)
        ? person
        : throw new PersonRefusedException($"'{person.Name}' is the only admin; make somebody else one first.");

    private Person Create(string by, string name, Role role, Func<Person, Person> complete)
    {
        var (before, revision) = People.GetValueOrDefault(name);
        return (PersonRules.WhyNotName(name) ?? (before is { IsRemoved: false } ? $"There is a person '{name}' already." : null)) is { } reason
            ? throw new PersonRefusedException(reason)
            : Write(by, "create_person", complete(new Person { Name = name, Role = role, Stamp = NewStamp(), CreatedAt = _time.GetUtcNow() }), revision);
    }

    private Person Change(string by, string action, string name, Func<Person, Person> change)
    {
        var (person, revision) = People.GetValueOrDefault(PersonRules.Normalise(name));
        return person is { IsRemoved: false }
            ? Write(by, action, change(person) with { Stamp = NewStamp() }, revision)
            : throw new PersonRefusedException($"There is no person '{name}'.");
    }

    private Person Write(string by, string action, Person person, long revision)
    {
        var note = new AuditNote(by, action, person.Name, JsonSerializer.SerializeToUtf8Bytes(new { role = person.Role.ToString() }));
        var body = JsonSerializer.SerializeToUtf8Bytes(person, PeopleJson.Default.Person);
        return _catalog.TryWrite(Everywhere, note, new DocumentWrite(Kind, person.Name, revision, body)) is not null
            ? person
            : throw new PersonRefusedException($"Somebody else changed '{person.Name}' at the same time; look, and do it again.");
    }

    private void TakeOver()
    {
        lock (_gate)
        {
            try
            {
                var changed = _catalog.ReadChanged(Kind, _change);
                if (changed.Count > 0)
                {
                    var people = _people.ToDictionary();
                    foreach (var document in changed)
                    {
                        people[document.Id] = (JsonSerializer.Deserialize(document.Body, PeopleJson.Default.Person)!, document.Revision);
                        _change = document.Change;
                    }

                    Volatile.Write(ref _people, people.ToFrozenDictionary(StringComparer.Ordinal));
                }
            }
            catch (Exception fault) when (fault is System.Data.Common.DbException or IOException or JsonException)
            {
                Behind(fault.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "The catalog cannot be read; changes of people come into force later: {Reason}")]
    private partial void Behind(string reason);
}
