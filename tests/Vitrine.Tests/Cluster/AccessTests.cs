using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vitrine.Cluster;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

/// <summary>Every way into NATS that there is an option for: with it a node takes an event and counts it, and with a wrong one it does not start and says why.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task By_user_and_password()
    {
        await using var nats = await NatsServer.StartAsync(static server => server.JetStream() + """

            authorization { user: vitrine, password: "a-good-password" }
            """);
        var options = Options(nats) with { User = "vitrine", Password = "a-good-password" };
        await ShouldCountAsync(options);
        await ShouldBeRefusedAsync(options with { Password = "another" }, "Authorization Violation");
        await ShouldBeRefusedAsync(options with { User = null, Password = null }, "Authorization Violation");
    }

    [Fact]
    public async Task By_a_token()
    {
        await using var nats = await NatsServer.StartAsync(static server => server.JetStream() + """

            authorization { token: "a-good-token" }
            """);
        var options = Options(nats) with { Token = "a-good-token" };
        await ShouldCountAsync(options);
        await ShouldBeRefusedAsync(options with { Token = "another" }, "Authorization Violation");
    }

    [Fact]
    public async Task By_a_file_of_credentials_which_says_the_account()
    {
        var world = new NatsOperator();
        await using var nats = await NatsServer.StartAsync(server => server.JetStream() + world.Settings);
        var options = Options(nats);
        File.WriteAllText(nats["vitrine.creds"], world.Credentials());
        await ShouldCountAsync(options with { CredentialsFile = nats["vitrine.creds"] });
        File.WriteAllText(nats["stranger.creds"], new NatsOperator().Credentials());
        await ShouldBeRefusedAsync(options with { CredentialsFile = nats["stranger.creds"] }, "Authorization Violation");
        await ShouldBeRefusedAsync(options, "Authorization Violation");
    }

    [Fact]
    public async Task By_a_certificate_over_TLS()
    {
        await using var nats = await NatsServer.StartAsync(server =>
        {
            var authority = new Authority("the right one");
            File.WriteAllText(server["ca.pem"], authority.Certificate);
            authority.Write(server["server.pem"], server["server.key"]);
            authority.Write(server["node.pem"], server["node.key"]);
            var stranger = new Authority("another one");
            File.WriteAllText(server["other-ca.pem"], stranger.Certificate);
            stranger.Write(server["other.pem"], server["other.key"]);
            return server.JetStream() + $$"""

                tls { cert_file: "{{server["server.pem"]}}", key_file: "{{server["server.key"]}}", ca_file: "{{server["ca.pem"]}}", verify: true }
                """;
        });
        var options = Options(nats) with { Servers = $"tls://{nats.Address}", AuthorityFile = nats["ca.pem"], CertificateFile = nats["node.pem"], KeyFile = nats["node.key"] };
        await ShouldCountAsync(options);
        await ShouldCountAsync(options with { Servers = $"nats://{nats.Address}" });
        await ShouldBeRefusedAsync(options with { AuthorityFile = nats["other-ca.pem"] }, "certificate");
        await ShouldBeRefusedAsync(options with { AuthorityFile = null }, "certificate");
        await ShouldBeRefusedAsync(options with { CertificateFile = nats["other.pem"], KeyFile = nats["other.key"] }, "certificate");
        await ShouldBeRefusedAsync(options with { CertificateFile = null, KeyFile = null }, "certificate");
    }

    [Fact]
    public async Task Into_a_domain_of_JetStream()
    {
        await using var nats = await NatsServer.StartAsync(static server => server.JetStream(", domain: hub"));
        await ShouldCountAsync(Options(nats) with { Domain = "hub" });
    }

    /// <remarks>What such a server does wrong it does seldom, and Debian's own may be another one: so this one only says that it is old.</remarks>
    [Theory]
    [InlineData("2.9.10")]
    [InlineData("2.9.25-RC.1")]
    public async Task Not_by_a_server_that_loses_what_it_has_acknowledged(string version)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = GreetAsync(listener, version);
        await using var cluster = new ClusterConnection(new ClusterOptions { Servers = $"nats://{listener.LocalEndpoint}" });
        var opening = cluster.OpenAsync(TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<ClusterException>(opening.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))).Message
            .ShouldStartWith($"The server of NATS at {listener.LocalEndpoint} is 2.9.{version[4..6]}. 2.10 or later is needed");
    }

    private static async Task GreetAsync(TcpListener listener, string version)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""INFO {"server_id":"A","server_name":"old","version":"{{version}}","proto":1,"headers":true,"max_payload":1048576}""" + "\r\n"));
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line == "PING")
                {
                    await stream.WriteAsync("PONG\r\n"u8.ToArray());
                }
            }
        }
    }

    private static ClusterOptions Options(NatsServer nats) => new() { Servers = $"nats://{nats.Address}", Replicas = 1 };

    private static async Task ShouldCountAsync(ClusterOptions options)
    {
        options.Errors().ShouldBeEmpty();
        await using var server = await TestServer.StartAsync(options: settings => settings with { Cluster = options });
        var shop = server.OpenShop();
        (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        await shop.EventAsync();
    }

    private static async Task ShouldBeRefusedAsync(ClusterOptions options, string reason)
    {
        await using var cluster = new ClusterConnection(options);
        var opening = cluster.OpenAsync(TestContext.Current.CancellationToken);
        (await Should.ThrowAsync<ClusterException>(opening.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken))).Message
            .ShouldSatisfyAllConditions(
                static message => message.ShouldStartWith("NATS does not let the node in at 127.0.0.1:"),
                message => message.ShouldContain(reason, Case.Insensitive));
    }

    /// <summary>An authority of a test's own, and certificates by it for this machine.</summary>
    private sealed class Authority(string name)
    {
        private readonly X509Certificate2 _certificate = Make(name);

        public string Certificate => _certificate.ExportCertificatePem();

        public void Write(string certificate, string key)
        {
            using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", pair, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using var made = request.Create(_certificate, _certificate.NotBefore, _certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(certificate, made.ExportCertificatePem());
            File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
        }

        private static X509Certificate2 Make(string name)
        {
            var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        }
    }
}
