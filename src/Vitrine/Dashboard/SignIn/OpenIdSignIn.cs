using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Vitrine.People;

namespace Vitrine.Dashboard.SignIn;

/// <summary>Signing in at a service, by the code flow of OpenID Connect with PKCE.</summary>
internal static class OpenIdSignIn
{
    /// <summary>Where a browser is sent on to the service.</summary>
    public const string Address = "/sign-in/openid";

    private const string CallbackAddress = "/sign-in/openid/callback";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds the service to what a browser can be signed in by.</summary>
    public static void Add(AuthenticationBuilder authentication, OpenIdOptions options) => authentication.AddOpenIdConnect(handler =>
    {
        handler.Authority = options.Authority!.OriginalString;
        handler.RequireHttpsMetadata = !options.Authority.IsLoopback;
        handler.ClientId = options.ClientId;
        handler.ClientSecret = options.ClientSecret;
        handler.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        handler.ResponseType = "code";
        handler.ResponseMode = "query"; // A form from another site would come without the cookies below.
        handler.CorrelationCookie.SameSite = SameSiteMode.Lax;
        handler.NonceCookie.SameSite = SameSiteMode.Lax;
        handler.CallbackPath = CallbackAddress;
        handler.RemoteSignOutPath = default;
        handler.BackchannelTimeout = Patience;
        handler.Scope.Add("email");
        handler.MapInboundClaims = false;
        handler.GetClaimsFromUserInfoEndpoint = true;
        handler.ClaimActions.Remove("iss");
        foreach (var claim in new[] { options.NameClaim, "email_verified" })
        {
            handler.ClaimActions.MapUniqueJsonKey(claim, claim);
        }

        if (options.RoleClaim is { } role)
        {
            handler.ClaimActions.MapJsonKey(role, role);
        }

        handler.Events.OnTicketReceived = Recognise;
        handler.Events.OnRemoteFailure = Refuse;
    });

    /// <summary>Maps the address at which signing in begins.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet(Address, BeginAsync).AllowAnonymous().ExcludeFromDescription();

    /// <summary>What is said to somebody who was refused; null when nobody was.</summary>
    public static string? Words(string? refusal) => Enum.TryParse<OpenIdRefusal>(refusal, out var reason) ? reason switch
    {
        OpenIdRefusal.Unreachable => "The sign-in service cannot be reached. Try again; the server's log says what happened.",
        OpenIdRefusal.Nameless => "The sign-in service gave no name that could be yours here. Whoever runs it can add the claim.",
        OpenIdRefusal.Unverified => "The sign-in service did not verify your e-mail address. Verify it there, and sign in again.",
        OpenIdRefusal.NoRole => "The sign-in service gives you none of the roles vitrine-viewer, vitrine-editor and vitrine-admin. Whoever runs it can.",
        OpenIdRefusal.Unknown => "You are known to the sign-in service but not here. Ask an admin to add you, by the name that you have there.",
        OpenIdRefusal.SomebodyElse => "Your name belongs to another identity here. Ask an admin to remove and add it again.",
        OpenIdRefusal.Removed => "You were removed here. Ask an admin to add you again.",
        _ => "The sign-in service did not confirm who you are. Try again; the server's log says why.",
    } : null;

    private static async Task<IResult> BeginAsync(HttpContext context, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "ReturnUrl")] string? returnTo, ILoggerFactory logs)
    {
        try
        {
            await context.ChallengeAsync(OpenIdConnectDefaults.AuthenticationScheme, new AuthenticationProperties { RedirectUri = LocalAddress.Of(returnTo) });
            return Results.Empty;
        }
        catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException or IOException && !context.Response.HasStarted)
        {
            DashboardLog.SignInServiceFailed(logs.CreateLogger(typeof(OpenIdSignIn)), fault.Message);
            return Results.Redirect(Refused(OpenIdRefusal.Unreachable));
        }
    }

    private static Task Recognise(TicketReceivedContext context)
    {
        try
        {
            context.Principal = Session.Of(context.HttpContext.RequestServices.GetRequiredService<OpenIdPeople>().Recognise(context.Principal!));
            context.Properties = new AuthenticationProperties { RedirectUri = context.ReturnUri };
        }
        catch (OpenIdRefusedException refusal)
        {
            context.HandleResponse();
            context.Response.Redirect(Refused(refusal.Reason));
        }

        return Task.CompletedTask;
    }

    private static Task Refuse(RemoteFailureContext context)
    {
        DashboardLog.SignInServiceFailed(
            context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdSignIn)), context.Failure?.Message ?? "unknown");
        context.HandleResponse();
        context.Response.Redirect(Refused(OpenIdRefusal.Unconfirmed));
        return Task.CompletedTask;
    }

    private static string Refused(OpenIdRefusal reason) => $"/sign-in?refused={reason}";
}
