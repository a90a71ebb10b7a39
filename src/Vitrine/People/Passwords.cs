using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Vitrine.People;

/// <summary>Keeps passwords so that who reads them cannot sign in with them.</summary>
/// <param name="iterations">Rounds of PBKDF2 with HMAC-SHA512. Default 210,000, as OWASP's Password Storage Cheat Sheet asks.</param>
public sealed class Passwords(int iterations = Passwords.Iterations)
{
    /// <summary>The default rounds.</summary>
    public const int Iterations = 210_000;

    private readonly PasswordHasher<Person> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
    private Person? _nobody;

    /// <summary>What is kept of a password.</summary>
    public string Hash(Person person, string password) => _hasher.HashPassword(person, password);

    /// <summary>Whether it is somebody's password. It takes as long for nobody, and for somebody who has none.</summary>
    public bool IsRight(Person? person, string password)
    {
        var asked = person?.PasswordHash is null ? Nobody() : person;
        return _hasher.VerifyHashedPassword(asked, asked.PasswordHash!, password) != PasswordVerificationResult.Failed && asked == person;
    }

    private Person Nobody()
    {
        var nobody = new Person { Name = "nobody", Role = Role.Viewer, Stamp = "", CreatedAt = default };
        return _nobody ??= nobody with { PasswordHash = Hash(nobody, Guid.NewGuid().ToString()) }; // Made when it is first needed: a start does not wait for it.
    }
}
