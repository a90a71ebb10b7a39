using System.Text.Encodings.Web;
using Vitrine.Client;

// A shop that decides on the server what its home page says:
//   Vitrine__Key=… dotnet run --project samples/aspnetcore --urls http://localhost:5000
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddVitrine(options =>
{
    var settings = builder.Configuration.GetSection("Vitrine");
    options.Host = new Uri(settings["Host"] ?? "http://127.0.0.1:8080");
    options.Workspace = settings["Workspace"] ?? "SHOP";
    options.Key = settings["Key"] ?? throw new InvalidOperationException("Vitrine:Key is the workspace's secret key.");
    options.Folder = settings["Folder"];
    options.Platform = "web";
});
var app = builder.Build();

app.MapGet("/", async (HttpContext http, VitrineClient vitrine) =>
{
    var customer = CustomerOf(http);
    var banner = await BannerAsync(vitrine, customer, http.RequestAborted);
    if (banner is not null)
    {
        vitrine.Shown(banner.Context, customer);
    }

    var encode = HtmlEncoder.Default;
    var context = banner is null ? "" : encode.Encode(banner.Context.ToString());
    return Results.Content($"""
        <!DOCTYPE html>
        <html lang="en"><title>Shop</title>
        <h1>{encode.Encode(banner?.Payload.GetString("title") ?? "Welcome")}</h1>
        <form method="post" action="/buy"><input type="hidden" name="context" value="{context}"><button>Buy</button></form>
        </html>
        """, "text/html; charset=utf-8");
});

app.MapPost("/buy", async (HttpContext http, VitrineClient vitrine) =>
{
    // Through the page and back: the server keeps nothing between the two requests.
    var form = await http.Request.ReadFormAsync();
    if (form["context"] is [{ Length: > 0 } context])
    {
        try
        {
            vitrine.Clicked(ExperienceContext.Parse(context), new Dictionary<string, object?> { ["button_id"] = "buy" }, CustomerOf(http));
        }
        catch (FormatException)
        {
            return Results.BadRequest("The page was changed on its way.");
        }
    }

    return Results.Redirect("/");
}).DisableAntiforgery(); // Nothing but a report: there is nothing to forge. A shop that sells something wants it.

app.Run();

static string CustomerOf(HttpContext http)
{
    if (http.Request.Cookies["customer"] is { Length: > 0 } known)
    {
        return known;
    }

    var made = Guid.NewGuid().ToString();
    http.Response.Cookies.Append("customer", made, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true });
    return made;
}

static async Task<Experience?> BannerAsync(VitrineClient vitrine, string customer, CancellationToken cancellation)
{
    try
    {
        return (await vitrine.FetchAsync(["homepage-banner"], customerId: customer, cancellationToken: cancellation))["homepage-banner"];
    }
    catch (VitrineException)
    {
        return null; // The page is the one for everybody then.
    }
}
