using System.Security.Claims;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.People;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.People;

public sealed class OpenIdPeopleTests : IDisposable
{
    private static readonly OpenIdOptions Plain = new() { Authority = new Uri("https://login.example.com"), ClientId = "vitrine" };
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteCatalog _catalog;
    private readonly PersonStore _people;

    public OpenIdPeopleTests()
    {
        var time = new HandSetClock();
        _catalog = new SqliteCatalog(Path.Combine(_folder.Path, "catalog.db"), time);
        _people = new PersonStore(_catalog, new Passwords(1), time, NullLogger<PersonStore>.Instance);
    }

    [Fact]
    public void Whom_an_admin_added_by_name_is_recognised_by_the_services_identifier_from_then_on()
    {
        _people.Create("test", "grace@example.com", Role.Editor, null);
        Recognise(Plain, ("sub", "1"), ("email", "Grace@Example.com")).Role.ShouldBe(Role.Editor);
        Recognise(Plain, ("sub", "1"), ("email", "married@example.com")).Name.ShouldBe("grace@example.com");
        Refusal(Plain, ("sub", "2"), ("email", "grace@example.com")).ShouldBe(OpenIdRefusal.SomebodyElse);
        _people.All.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_same_identifier_of_another_issuer_is_somebody_else()
    {
        _people.Create("test", "grace@example.com", Role.Editor, null);
        Recognise(Plain, ("iss", "https://one"), ("sub", "1"), ("email", "grace@example.com"));
        Refusal(Plain, ("iss", "https://two"), ("sub", "1"), ("email", "grace@example.com")).ShouldBe(OpenIdRefusal.SomebodyElse);
    }

    [Fact]
    public void Strangers_are_refused_unless_they_are_given_a_role()
    {
        Refusal(Plain, ("sub", "1"), ("email", "grace@example.com")).ShouldBe(OpenIdRefusal.Unknown);
        Recognise(Plain with { RoleOfStrangers = Role.Viewer }, ("sub", "1"), ("email", "grace@example.com")).Role.ShouldBe(Role.Viewer);
    }

    [Fact]
    public void A_role_that_the_service_says_holds_with_each_sign_in_and_ends_what_was_open()
    {
        var options = Plain with { RoleClaim = "groups" };
        var admin = Recognise(options, ("sub", "1"), ("email", "grace@example.com"), ("groups", "vitrine-viewer"), ("groups", "vitrine-admin"), ("groups", "staff"));
        admin.Role.ShouldBe(Role.Admin);
        Recognise(options, ("sub", "1"), ("email", "grace@example.com"), ("groups", "vitrine-admin")).Stamp.ShouldBe(admin.Stamp);
        var viewer = Recognise(options, ("sub", "1"), ("email", "grace@example.com"), ("groups", "vitrine-viewer"));
        viewer.Role.ShouldBe(Role.Viewer);
        viewer.Stamp.ShouldNotBe(admin.Stamp);
        foreach (var group in new[] { "staff", "vitrine-2", "VITRINE-ADMIN", "vitrine-" })
        {
            Refusal(options, ("sub", "1"), ("email", "grace@example.com"), ("groups", group)).ShouldBe(OpenIdRefusal.NoRole);
        }
    }

    [Fact]
    public void Whoever_was_removed_stays_removed_until_an_admin_says_otherwise()
    {
        var options = Plain with { RoleOfStrangers = Role.Viewer };
        _people.Create("test", "ada", Role.Admin, null);
        Recognise(options, ("sub", "1"), ("email", "grace@example.com"));
        _people.Remove("test", "grace@example.com");
        Refusal(options, ("sub", "1"), ("email", "grace@example.com")).ShouldBe(OpenIdRefusal.Removed);
        Refusal(options, ("sub", "1"), ("email", "hopper@example.com")).ShouldBe(OpenIdRefusal.Removed, "a new name makes nobody somebody else");
        Recognise(options, ("sub", "2"), ("email", "hopper@example.com")).Role.ShouldBe(Role.Viewer);
        _people.Create("test", "grace@example.com", Role.Editor, null);
        Recognise(options, ("sub", "1"), ("email", "grace@example.com")).Role.ShouldBe(Role.Editor);
    }

    [Theory]
    [InlineData("email_verified", "false", OpenIdRefusal.Unverified)]
    [InlineData("email", "x", OpenIdRefusal.Nameless)]
    [InlineData("sub", "", OpenIdRefusal.Nameless)]
    public void A_name_that_proves_nothing_is_refused(string claim, string value, OpenIdRefusal reason)
    {
        var claims = new Dictionary<string, string> { ["sub"] = "1", ["email"] = "grace@example.com", [claim] = value };
        Refusal(Plain with { RoleOfStrangers = Role.Viewer }, [.. claims.Select(static one => (one.Key, one.Value))]).ShouldBe(reason);
        _people.All.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _people.Dispose();
        _catalog.Dispose();
        _folder.Dispose();
    }

    private Person Recognise(OpenIdOptions options, params (string Type, string Value)[] claims) =>
        new OpenIdPeople(_people, options).Recognise(new ClaimsPrincipal(new ClaimsIdentity(claims.Select(static one => new Claim(one.Type, one.Value)))));

    private OpenIdRefusal Refusal(OpenIdOptions options, params (string Type, string Value)[] claims) =>
        Should.Throw<OpenIdRefusedException>(() => Recognise(options, claims)).Reason;
}
