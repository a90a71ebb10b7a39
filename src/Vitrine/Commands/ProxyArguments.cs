using System.CommandLine;
using System.Net;
using Vitrine.Hosting;

namespace Vitrine.Commands;

/// <summary>What the command line says of a proxy that stands before the server.</summary>
internal sealed class ProxyArguments
{
    private readonly Option<string?> _address = new("--public-url")
    {
        Description = "The address by which browsers reach the dashboard where a proxy stands before it, such as https://vitrine.example.com (default: the one that a request names)",
    };

    private readonly Option<string?> _trusted = new("--trusted-proxies")
    {
        Description = "Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas, such as 127.0.0.1,10.0.0.0/8 (default: none)",
    };

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_address);
        command.Options.Add(_trusted);
    }

    /// <summary>What was said, beside what is known.</summary>
    public ServerOptions Read(ParseResult parsed, ServerOptions options) => options with
    {
        PublicUrl = Address("--public-url", parsed.GetValue(_address)),
        TrustedProxies = [.. (parsed.GetValue(_trusted) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network)],
    };

    /// <summary>An address of the web; null where none was given.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public static Uri? Address(string option, string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https") ? address
        : throw new CommandException($"{option}: '{text}' is no address; one looks like https://vitrine.example.com");

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, 8 * address.GetAddressBytes().Length)
        : throw new CommandException($"--trusted-proxies: '{text}' is no address and no network; they look like 127.0.0.1 and 10.0.0.0/8");
}
