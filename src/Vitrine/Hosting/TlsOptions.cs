namespace Vitrine.Hosting;

/// <summary>The certificate with which the server speaks TLS on its <c>https://</c> addresses.</summary>
public sealed record TlsOptions
{
    /// <summary>A PEM file with the certificate and, behind it, those between it and a root. Default: none, and the server speaks plain HTTP only.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>A PEM file with the private key, unencrypted. Default: the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether there is one.</summary>
    public bool IsUsed => CertificateFile is not null;

    /// <summary>What is out of range, with what would be right; empty when all is well.</summary>
    public IEnumerable<string> Errors()
    {
        if (CertificateFile is null && KeyFile is not null)
        {
            yield return "A key for TLS needs its certificate: give --tls-certificate too.";
        }

        foreach (var file in new[] { CertificateFile, KeyFile }.OfType<string>().Where(static file => !File.Exists(file)))
        {
            yield return $"There is no file {file} with a certificate or key for TLS.";
        }
    }
}
