using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.People;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.People;

public sealed class PersonStoreTests : IDisposable
{
    private const string Password = "correct horse battery";
    private readonly TemporaryFolder _folder = new();
    private readonly HandSetClock _time = new();
    private readonly SqliteCatalog _catalog;
    private readonly PersonStore _people;

    public PersonStoreTests()
    {
        _catalog = new SqliteCatalog(Path.Combine(_folder.Path, "catalog.db"), _time);
        _people = Open(_catalog);
    }

    [Fact]
    public void Somebody_is_known_by_name_in_any_case_and_by_the_right_password()
    {
        _people.Create("test", " Ada@Example.com", Role.Editor, Password);
        _people.Authenticate("ADA@example.COM ", Password)!.Role.ShouldBe(Role.Editor);
        _people.Authenticate("ada@example.com", Password + "!").ShouldBeNull();
        _people.Authenticate("ada@example.com", new string('x', 10_000)).ShouldBeNull();
        _people.Authenticate("nobody", Password).ShouldBeNull();
    }

    [Fact]
    public void A_password_is_kept_as_a_hash_only()
    {
        _people.Create("test", "ada", Role.Editor, Password);
        _people.Find("ada")!.PasswordHash.ShouldNotBeNull().ShouldNotContain(Password);
        System.Text.Encoding.UTF8.GetString(_catalog.Find("", "person", "ada")!.Body).ShouldNotContain(Password);
    }

    [Theory]
    [InlineData("a", Password, "A name has 2–200 characters")]
    [InlineData("a\u0000b", Password, "no control characters")]
    [InlineData("ada", "short", "A password has 12–256 characters")]
    [InlineData("ada", "my name is ada", "does not contain the name")]
    [InlineData("ada", "aaaaaaaaaaaaaa", "four different characters")]
    public void What_can_be_no_name_or_password_is_refused(string name, string password, string why)
    {
        Should.Throw<PersonRefusedException>(() => _people.Create("test", name, Role.Viewer, password)).Message.ShouldContain(why);
        _people.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void There_is_always_an_admin()
    {
        _people.Create("test", "ada", Role.Admin, Password);
        Should.Throw<PersonRefusedException>(() => _people.SetRole("test", "ada", Role.Viewer)).Message.ShouldContain("only admin");
        Should.Throw<PersonRefusedException>(() => _people.Remove("test", "ada"));
        _people.Create("test", "grace", Role.Admin, Password);
        _people.Remove("grace", "ada");
        _people.Find("ada").ShouldBeNull();
        _people.Authenticate("ada", Password).ShouldBeNull();
        _people.IsEmpty.ShouldBeFalse();
        _catalog.ReadAudit("", "ada", long.MaxValue, 10).Select(static entry => (entry.Note.By, entry.Note.Action)).ShouldBe([("grace", "remove_person"), ("test", "create_person")]);
        _people.Create("grace", "ada", Role.Viewer, Password).Role.ShouldBe(Role.Viewer);
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        _people.Create("test", "ada", Role.Admin, Password);
        Should.Throw<PersonRefusedException>(() => _people.Create("test", "ADA", Role.Viewer, Password)).Message.ShouldContain("already");
        Should.Throw<PersonRefusedException>(() => _people.SetRole("test", "grace", Role.Viewer)).Message.ShouldContain("no person 'grace'");
    }

    [Fact]
    public void What_ends_a_session_changes_the_stamp()
    {
        var made = _people.Create("test", "ada", Role.Admin, Password);
        var renewed = _people.SetPassword("ada", "ada", "another horse battery");
        renewed.Stamp.ShouldNotBe(made.Stamp);
        _people.Authenticate("ada", Password).ShouldBeNull();
        _people.Create("test", "grace", Role.Admin, Password);
        _people.SetRole("grace", "ada", Role.Viewer).Stamp.ShouldNotBe(renewed.Stamp);
    }

    [Fact]
    public void What_another_process_changes_is_seen()
    {
        using var other = new SqliteCatalog(Path.Combine(_folder.Path, "catalog.db"), _time);
        using var theirs = Open(other);
        theirs.Create("test", "ada", Role.Admin, Password);
        _people.Find("ada").ShouldBeNull();
        _catalog.Refresh().ShouldBeTrue();
        _people.Find("ada")!.Role.ShouldBe(Role.Admin);
    }

    public void Dispose()
    {
        _people.Dispose();
        _catalog.Dispose();
        _folder.Dispose();
    }

    private PersonStore Open(SqliteCatalog catalog) => new(catalog, new Passwords(1), _time, NullLogger<PersonStore>.Instance);
}
