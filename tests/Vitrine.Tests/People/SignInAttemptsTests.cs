using Vitrine.People;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.People;

public sealed class SignInAttemptsTests
{
    private readonly HandSetClock _time = new();

    [Fact]
    public void A_name_waits_from_whatever_address_and_an_address_with_whatever_name()
    {
        var attempts = new SignInAttempts(_time);
        for (var failure = 0; failure < SignInAttempts.Free; failure++)
        {
            attempts.Wait("ada", $"10.0.0.{failure}").ShouldBe(TimeSpan.Zero);
            attempts.Failed("ada", $"10.0.0.{failure}");
            attempts.Failed($"grace-{failure}", "10.1.1.1");
        }

        attempts.Wait("Ada", "10.9.9.9").ShouldBe(SignInAttempts.Stretch);
        attempts.Wait("somebody", "10.1.1.1").ShouldBe(SignInAttempts.Stretch);
        attempts.Wait("somebody", "10.0.0.1").ShouldBe(TimeSpan.Zero);
        _time.Advance(SignInAttempts.Stretch);
        attempts.Wait("ada", "10.1.1.1").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Who_has_a_whole_network_of_IPv6_has_one_address_here()
    {
        var attempts = new SignInAttempts(_time);
        for (var failure = 0; failure < SignInAttempts.Free; failure++)
        {
            attempts.Failed($"grace-{failure}", $"2001:db8:1:2::{failure:x}");
        }

        attempts.Wait("somebody", "2001:db8:1:2:ffff::1").ShouldBe(SignInAttempts.Stretch);
        attempts.Wait("somebody", "2001:db8:1:3::1").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Whoever_signs_in_begins_anew()
    {
        var attempts = new SignInAttempts(_time);
        for (var failure = 0; failure < SignInAttempts.Free - 1; failure++)
        {
            attempts.Failed("ada", $"10.0.0.{failure}");
        }

        attempts.Succeeded("ada");
        attempts.Failed("ada", "10.0.1.1");
        attempts.Wait("ada", "10.0.1.1").ShouldBe(TimeSpan.Zero);
    }
}
