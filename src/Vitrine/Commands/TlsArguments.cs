using System.CommandLine;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary>What the command line says of TLS.</summary>
internal sealed class TlsArguments
{
    private readonly Option<string?> _certificate = new("--tls-certificate")
    {
        Description = "A PEM file with the certificate (and those between it and a root) for the https:// addresses among --urls; read again when it changes",
    };

    private readonly Option<string?> _key = new("--tls-key") { Description = "A PEM file with its private key (default: the certificate's file)" };

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_certificate);
        command.Options.Add(_key);
    }

    /// <summary>What was said.</summary>
    public TlsOptions Read(ParseResult parsed) => new() { CertificateFile = parsed.GetValue(_certificate), KeyFile = parsed.GetValue(_key) };
}
