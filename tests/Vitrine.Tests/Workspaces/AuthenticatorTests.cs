using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Vitrine.Tests.Support;
using Vitrine.Workspaces;

namespace Vitrine.Tests.Workspaces;

public sealed class AuthenticatorTests : IDisposable
{
    private const string Id = "SHOP";
    private const string FirstKey = "first-key-1";
    private const string SecondKey = "second-key-2";
    private const string ThirdKey = "third-key-3";

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = Clock.New();
    private readonly SqliteCatalog _catalog;
    private readonly Authenticator _authenticator;

    public AuthenticatorTests()
    {
        _catalog = new SqliteCatalog(_folder["catalog.db"], _time);
        _catalog.CreateWorkspace(Id, FirstKey, DateTimeZone.Utc);
        _authenticator = new Authenticator(_catalog, _time);
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_key_opens_both_environments()
    {
        Opens(FirstKey).ShouldBeTrue();
        Opens(FirstKey, Id + "_DEBUG").ShouldBeTrue();
        Opens(FirstKey + " ").ShouldBeFalse();
        Opens(FirstKey.ToUpperInvariant()).ShouldBeFalse();
        Opens("").ShouldBeFalse();
    }

    [Fact]
    public void A_new_key_ends_the_old_one_at_once()
    {
        _catalog.RotateKey(Id, SecondKey, TimeSpan.Zero);
        Opens(FirstKey).ShouldBeFalse();
        Opens(SecondKey).ShouldBeTrue();
    }

    [Fact]
    public void With_an_overlap_both_open_until_it_is_over()
    {
        _catalog.RotateKey(Id, SecondKey, TimeSpan.FromHours(24));
        _time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        Opens(FirstKey).ShouldBeTrue();
        Opens(SecondKey).ShouldBeTrue();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Opens(FirstKey).ShouldBeFalse();
        Opens(SecondKey).ShouldBeTrue();
    }

    [Fact]
    public void A_second_rotation_never_lengthens_the_first_ones_overlap()
    {
        _catalog.RotateKey(Id, SecondKey, TimeSpan.FromHours(1));
        _catalog.RotateKey(Id, ThirdKey, TimeSpan.FromHours(24));
        _time.Advance(TimeSpan.FromHours(1));
        Opens(FirstKey).ShouldBeFalse();
        Opens(SecondKey).ShouldBeTrue();
        _catalog.RotateKey(Id, "fourth-key-4", TimeSpan.Zero);
        Opens(SecondKey).ShouldBeFalse();
        Opens(ThirdKey).ShouldBeFalse();
    }

    [Fact]
    public void Rotations_survive_a_restart()
    {
        _catalog.RotateKey(Id, SecondKey, TimeSpan.FromHours(1));
        using var again = new SqliteCatalog(_folder["catalog.db"], _time);
        var authenticator = new Authenticator(again, _time);
        Opens(FirstKey, authenticator: authenticator).ShouldBeTrue();
        _time.Advance(TimeSpan.FromHours(1));
        Opens(FirstKey, authenticator: authenticator).ShouldBeFalse();
        Opens(SecondKey, authenticator: authenticator).ShouldBeTrue();
    }

    [Fact]
    public void No_key_is_in_the_file()
    {
        _catalog.RotateKey(Id, SecondKey, TimeSpan.FromHours(1));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            var text = reader.ReadToEnd();
            text.ShouldNotContain(FirstKey);
            text.ShouldNotContain(SecondKey);
        }
    }

    [Fact]
    public void A_user_name_may_not_contradict_the_tenant_header()
    {
        var headers = new HeaderDictionary { ["Authorization"] = Shop.Basic(Id, FirstKey) };
        _authenticator.AuthenticateByUserName(headers)!.Value.Environment.Id.ShouldBe(Id);
        headers["MOE-APPKEY"] = Id + "_DEBUG";
        _authenticator.AuthenticateByUserName(headers).ShouldBeNull();
    }

    private bool Opens(string key, string id = Id, Authenticator? authenticator = null)
    {
        var headers = new HeaderDictionary { ["MOE-APPKEY"] = id, ["Authorization"] = Shop.Basic(id, key) };
        var outcome = (authenticator ?? _authenticator).Authenticate(headers, out var caller);
        caller.Client.ShouldBeNull();
        (caller.Secret is not null).ShouldBe(outcome == AuthenticationOutcome.Accepted);
        (caller.Environment?.Id).ShouldBe(id);
        return outcome == AuthenticationOutcome.Accepted;
    }
}
