using System.CommandLine;
using Vitrine.People;

namespace Vitrine.Commands;

/// <summary>What the command line says of the service at which people sign in.</summary>
internal sealed class OpenIdArguments
{
    /// <summary>The environment variable that holds the client secret: other users of the machine see a command line.</summary>
    private const string SecretVariable = "VITRINE_OPENID_CLIENT_SECRET";

    private readonly Option<string?> _authority = new("--openid-authority")
    {
        Description = "A service at which people sign in, by OpenID Connect, such as https://login.example.com/realms/shop (default: none; people sign in with passwords)",
    };

    private readonly Option<string?> _client = new("--openid-client-id")
    {
        Description = $"By what that service knows this server; its secret, where it has one, is {SecretVariable}",
    };

    private readonly Option<string> _name = new("--openid-name-claim")
    {
        Description = "The claim that names a person",
        DefaultValueFactory = static _ => new OpenIdOptions().NameClaim,
    };

    private readonly Option<string?> _role = new("--openid-role-claim")
    {
        Description = "The claim that holds vitrine-viewer, vitrine-editor or vitrine-admin (default: none; roles are given on the page of settings)",
    };

    private readonly Option<Role?> _strangers = new("--openid-strangers")
    {
        Description = "The role of whoever that service knows and nobody here (default: none; they are refused)",
    };

    /// <summary>Lets a command take them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _authority, _client, _name, _role, _strangers })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was said.</summary>
    public OpenIdOptions Read(ParseResult parsed) => new()
    {
        Authority = ProxyArguments.Address("--openid-authority", parsed.GetValue(_authority)),
        ClientId = parsed.GetValue(_client),
        ClientSecret = CommonOptions.Variable(SecretVariable),
        NameClaim = parsed.GetValue(_name)!,
        RoleClaim = parsed.GetValue(_role),
        RoleOfStrangers = parsed.GetValue(_strangers),
    };
}
