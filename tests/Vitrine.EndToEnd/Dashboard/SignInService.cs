using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Vitrine.EndToEnd.Dashboard;

/// <summary>An OpenID Connect service that knows one person, who is signed in there already.</summary>
internal sealed class SignInService : IAsyncDisposable
{
    public const string ClientId = "vitrine";

    private readonly WebApplication _application;

    private SignInService(WebApplication application) => (_application, Address) = (application, application.Urls.Single());

    /// <summary>Where it is.</summary>
    public string Address { get; }

    /// <summary>What it says of the person: <c>sub</c> and whatever else.</summary>
    public IReadOnlyDictionary<string, string[]> Person { get; set; } = new Dictionary<string, string[]>();

    /// <summary>Starts one.</summary>
    public static async Task<SignInService> StartAsync()
    {
        SignInService? service = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server => server
            .EnableDegradedMode() // Clients and tokens in no database: there is one client.
            .SetAuthorizationEndpointUris("authorize")
            .SetTokenEndpointUris("token")
            .AllowAuthorizationCodeFlow()
            .RequireProofKeyForCodeExchange()
            .RegisterScopes("email", "profile")
            .AddEphemeralEncryptionKey()
            .AddEphemeralSigningKey()
            .AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(static request =>
            {
                if (request.ClientId != ClientId)
                {
                    request.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }))
            .AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(static request =>
            {
                if (request.ClientId != ClientId)
                {
                    request.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }))
            .AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(request =>
            {
                var identity = new ClaimsIdentity("test");
                foreach (var (type, value) in service!.Person.SelectMany(static one => one.Value.Select(value => (one.Key, value))))
                {
                    identity.AddClaim(new Claim(type, value).SetDestinations(OpenIddictConstants.Destinations.IdentityToken));
                }

                request.SignIn(new ClaimsPrincipal(identity));
                return default;
            }))
            .UseAspNetCore().DisableTransportSecurityRequirement());
        var application = builder.Build();
        application.UseAuthentication();
        await application.StartAsync();
        service = new SignInService(application);
        using var client = new HttpClient();
        await client.GetStringAsync(service.Address + "/.well-known/jwks"); // Makes the keys, which takes seconds.
        return service;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
