using System.Buffers.Binary;
using Vitrine.People;

namespace Vitrine.Tests.People;

public sealed class PasswordsTests
{
    private static readonly Person Ada = new() { Name = "ada", Role = Role.Admin, Stamp = "", CreatedAt = default };

    [Fact]
    public void They_are_hashed_in_as_many_rounds_as_OWASP_asks_for()
    {
        var hash = Convert.FromBase64String(new Passwords().Hash(Ada, "correct horse battery"));
        hash[0].ShouldBe((byte)1, "the format that says its rounds");
        BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(1)).ShouldBe(2, "HMAC-SHA512");
        BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)).ShouldBe(210_000);
    }

    [Fact]
    public void The_right_one_is_right_and_nobody_has_any()
    {
        var passwords = new Passwords(1);
        var ada = Ada with { PasswordHash = passwords.Hash(Ada, "correct horse battery") };
        passwords.IsRight(ada, "correct horse battery").ShouldBeTrue();
        passwords.IsRight(ada, "correct horse").ShouldBeFalse();
        passwords.IsRight(Ada, "correct horse battery").ShouldBeFalse("she has none");
        passwords.IsRight(null, "correct horse battery").ShouldBeFalse();
    }
}
