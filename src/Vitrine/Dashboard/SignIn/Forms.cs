namespace Vitrine.Dashboard.SignIn;

/// <summary>What is sent to sign in, or to make the first person.</summary>
internal sealed class SignInForm
{
    /// <summary>By what the person is known.</summary>
    public string? Name { get; set; }

    /// <summary>The password.</summary>
    public string? Password { get; set; }
}

/// <summary>Addresses to go on to.</summary>
internal static class LocalAddress
{
    /// <summary>The address, if it is one of this server; otherwise the first page. A link that signs in must not lead elsewhere.</summary>
    public static string Of(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && !address.Contains('\\', StringComparison.Ordinal) && !address.Any(char.IsControl) ? address : "/";
}
