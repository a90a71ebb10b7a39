using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace Vitrine.EndToEnd;

[Collection(WhatIsKept.Name)]
public sealed partial class TlsTests
{
    [Fact]
    public async Task A_renewed_certificate_is_used_without_a_restart_and_a_broken_one_is_not()
    {
        using var folder = new TemporaryFolder();
        var (certificate, key) = (folder["server.pem"], folder["server.key"]);
        var first = Write(certificate, key, "first");
        await using var server = await ServerProcess.StartAsync(new ServerSetup(folder["data"])
        {
            Urls = "http://127.0.0.1:0;https://127.0.0.1:0",
            Arguments = ["--tls-certificate", certificate, "--tls-key", key],
        });
        var address = new Uri(server.Process.Output.Select(static line => Listening().Match(line)).First(static match => match.Success).Value);
        var (thumbprint, answer) = await AskAsync(address);
        thumbprint.ShouldBe(first);
        answer.Headers.GetValues("Strict-Transport-Security").ShouldBe(["max-age=31536000"]);
        answer.Version.ShouldBe(HttpVersion.Version20);
        using (var plain = new HttpClient { BaseAddress = server.Address })
        {
            using var page = await plain.GetAsync(new Uri("/sign-in", UriKind.Relative), TestContext.Current.CancellationToken);
            page.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("over plain HTTP it means nothing");
        }

        await File.WriteAllTextAsync(key, "no key", TestContext.Current.CancellationToken);
        await Poll.UntilAsync("the log says what is wrong", TimeSpan.FromSeconds(30), () => server.Process.Errors.Any(static line => line.Contains("stays in force", StringComparison.Ordinal)));
        (await AskAsync(address)).Thumbprint.ShouldBe(first);
        var second = Write(certificate, key, "second");
        await Poll.UntilAsync("the new one is used", TimeSpan.FromSeconds(30), async () => (await AskAsync(address)).Thumbprint == second);
    }

    [Fact]
    public async Task A_start_without_a_certificate_that_can_be_used_is_refused()
    {
        using var folder = new TemporaryFolder();
        (await ServeAsync(folder)).ShouldFailWith("needs a certificate");
        (await ServeAsync(folder, "--tls-certificate", folder["absent.pem"])).ShouldFailWith("There is no file");
        (await ServeAsync(folder, "--tls-key", folder["absent.key"])).ShouldFailWith("needs a certificate");
        Write(folder["one.pem"], folder["one.key"], "one");
        Write(folder["other.pem"], folder["other.key"], "other");
        (await ServeAsync(folder, "--tls-certificate", folder["one.pem"], "--tls-key", folder["other.key"])).ShouldFailWith("TLS");
    }

    private static Task<CommandResult> ServeAsync(TemporaryFolder folder, params string[] arguments) =>
        VitrineCommand.RunAsync(["serve", "--data", folder["data"], "--urls", "https://127.0.0.1:0", .. arguments]);

    /// <summary>A connection of its own, and the certificate that the server showed.</summary>
    private static async Task<(string Thumbprint, HttpResponseMessage Answer)> AskAsync(Uri address)
    {
        var shown = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate!.GetCertHashString()).Length > 0,
            },
        };
        using var client = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        var answer = await client.GetAsync(new Uri(address, "/sign-in"), TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (shown, answer);
    }

    private static string Write(string certificate, string key, string name)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
        return made.Thumbprint;
    }

    [GeneratedRegex(@"https://[^\s,]+")]
    private static partial Regex Listening();
}
