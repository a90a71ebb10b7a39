using System.Security.Cryptography;
using System.Text;

namespace Vitrine.People;

/// <summary>Makes the first person of a server, for whoever has the link that the start printed.</summary>
/// <remarks>Any thread may call any member. The code opens nothing once there is a person.</remarks>
/// <param name="people">Who may sign in already.</param>
/// <param name="code">The code of the link; null: one that lives as long as the process.</param>
public sealed class FirstPerson(PersonStore people, string? code = null)
{
    private readonly Lock _gate = new();

    /// <summary>The code of the link; null when there are people.</summary>
    public string? Code => people.IsEmpty ? _code : null;

    private readonly string _code = code ?? NewCode();

    /// <summary>A new code: 128 random bits.</summary>
    public static string NewCode() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a code is that of the link, and still of use.</summary>
    public bool Opens(string? code) =>
        Code is { } right && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(right), Encoding.UTF8.GetBytes(code ?? ""));

    /// <summary>Makes the first person, an admin.</summary>
    /// <exception cref="PersonRefusedException">The code is not that of the link, there is a person by now, or the name or password cannot be one.</exception>
    public Person Create(string? code, string name, string password)
    {
        lock (_gate)
        {
            return Opens(code)
                ? people.Create(PersonRules.Normalise(name), name, Role.Admin, password)
                : throw new PersonRefusedException("This link was used, or is another start's. The start of the server prints it while nobody can sign in yet.");
        }
    }
}
