using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using NATS.NKeys;

namespace Vitrine.Tests.Support;

/// <summary>An operator of NATS with an account for JetStream and one for the system, as <c>nsc</c> makes them: each is signed by the one above it.</summary>
internal sealed class NatsOperator
{
    private static readonly string[] Unlimited = ["subs", "data", "payload", "imports", "exports", "conn", "leaf", "mem_storage", "disk_storage", "streams", "consumer"];

    private readonly KeyPair _operator = KeyPair.CreatePair(PrefixByte.Operator);
    private readonly KeyPair _account = KeyPair.CreatePair(PrefixByte.Account);
    private readonly KeyPair _system = KeyPair.CreatePair(PrefixByte.Account);

    /// <summary>What a server needs to know of it.</summary>
    public string Settings => $$"""

        operator: "{{Signed(_operator, _operator, new JsonObject { ["type"] = "operator" })}}"
        system_account: {{_system.GetPublicKey()}}
        resolver: MEMORY
        resolver_preload: {
          {{_account.GetPublicKey()}}: "{{Account(_account, hasJetStream: true)}}"
          {{_system.GetPublicKey()}}: "{{Account(_system, hasJetStream: false)}}"
        }
        """;

    /// <summary>A file of credentials for a new user of the account.</summary>
    public string Credentials()
    {
        var user = KeyPair.CreatePair(PrefixByte.User);
        return $"""
            -----BEGIN NATS USER JWT-----
            {Signed(_account, user, new JsonObject { ["type"] = "user", ["subs"] = -1, ["data"] = -1, ["payload"] = -1, ["pub"] = new JsonObject(), ["sub"] = new JsonObject() })}
            ------END NATS USER JWT------

            -----BEGIN USER NKEY SEED-----
            {user.GetSeed()}
            ------END USER NKEY SEED------

            """;
    }

    private string Account(KeyPair account, bool hasJetStream)
    {
        var limits = new JsonObject { ["wildcards"] = true };
        foreach (var name in Unlimited.Where(name => hasJetStream || !name.EndsWith("storage", StringComparison.Ordinal)))
        {
            limits[name] = -1;
        }

        return Signed(_operator, account, new JsonObject { ["type"] = "account", ["limits"] = limits });
    }

    private static string Signed(KeyPair issuer, KeyPair subject, JsonObject claims)
    {
        claims["version"] = 2;
        var body = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["iss"] = issuer.GetPublicKey(),
            ["name"] = "test",
            ["sub"] = subject.GetPublicKey(),
            ["nats"] = claims,
        };
        var text = $"{Encode("""{"typ":"JWT","alg":"ed25519-nkey"}""")}.{Encode(body.ToJsonString())}";
        var signature = new byte[64];
        issuer.Sign(Encoding.ASCII.GetBytes(text), signature);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
