using System.Text;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

public sealed class AuthenticationContractTests(SharedServer shared)
{
    private const string NoTenant = "MoEngage Client not found. Please check values for headers - MOE-APPKEY or MOE-DBNAME";
    private const string BadKey = "Invalid API_KEY used in Authentication Header";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("NOSUCHWORKSPACE")]
    [InlineData("NOSUCHWORKSPACE_DEBUG")]
    public async Task A_missing_or_unknown_tenant_is_a_request_error(string? tenant)
    {
        var answer = await PostAsync(shared.OpenShop(), tenant: tenant, setTenant: true);

        answer.ShouldBeError(400, "Request Error", NoTenant);
        answer.Json.ContainsKey("code").ShouldBeFalse();
        answer.Json.ContainsKey("errors").ShouldBeFalse();
    }

    [Fact]
    public async Task Missing_credentials_are_401_with_a_challenge()
    {
        var answer = await PostAsync(shared.OpenShop(), authorization: null);

        answer.ShouldBeError(401, "Authentication required", BadKey);
        answer.Header("WWW-Authenticate")!.ShouldStartWith("Basic");
        answer.Json.ContainsKey("code").ShouldBeFalse();
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic ###")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Bearer abc")]
    [InlineData("")]
    public async Task Malformed_credentials_are_401(string authorization) =>
        (await PostAsync(shared.OpenShop(), authorization: authorization)).ShouldBeError(401, "Authentication required", BadKey);

    [Fact]
    public async Task Credentials_longer_than_any_key_are_401()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id, new string('x', 5000)))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_wrong_key_is_401()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id, shop.Key + "x"))).Status.ShouldBe(401);
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id, shop.Key[..^1]))).Status.ShouldBe(401);
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id, ""))).Status.ShouldBe(401);
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Fact]
    public async Task The_key_of_another_workspace_is_401()
    {
        var (shop, other) = (shared.OpenShop(), shared.OpenShop());
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id, other.Key))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task A_user_name_that_is_not_the_tenant_is_401()
    {
        var (shop, other) = (shared.OpenShop(), shared.OpenShop());
        (await PostAsync(shop, authorization: other.Credentials)).Status.ShouldBe(401);
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id + "_DEBUG", shop.Key))).Status.ShouldBe(401);
        (await PostAsync(shop, authorization: Shop.Basic(shop.Id.ToLowerInvariant(), shop.Key))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task The_scheme_may_be_written_in_any_case()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, authorization: shop.Credentials.Replace("Basic", "bAsIc", StringComparison.Ordinal))).ShouldBeAccepted();
    }

    [Fact]
    public async Task The_old_alias_names_the_tenant_when_the_header_is_absent()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, setTenant: true, alias: shop.Id)).ShouldBeAccepted();
        (await shop.EventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_old_alias_is_ignored_beside_the_header()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, setTenant: true, tenant: shop.Id, alias: "NOSUCHWORKSPACE")).ShouldBeAccepted();
        (await PostAsync(shop, setTenant: true, tenant: "NOSUCHWORKSPACE", alias: shop.Id)).ShouldBeError(400, "Request Error", NoTenant);
    }

    [Fact]
    public async Task The_tenant_is_checked_before_the_credentials_and_those_before_the_body()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, setTenant: true, authorization: null, body: "{", contentType: "text/html"))
            .ShouldBeError(400, "Request Error", NoTenant);
        (await PostAsync(shop, authorization: null, body: "{", contentType: "text/html")).Status.ShouldBe(401);
        (await PostAsync(shop, body: "{", contentType: "text/html")).Status.ShouldBe(415);
        (await PostAsync(shop, body: new string('{', (1 << 20) + 1), contentType: "text/html")).Status.ShouldBe(415);
        (await PostAsync(shop, body: new string('{', (1 << 20) + 1))).Status.ShouldBe(413);
        (await PostAsync(shop, body: """{"elements":[{"customer_id":"null"}""")).ShouldBeError(400, "Malformed JSON");
    }

    [Fact]
    public async Task Nobody_unknown_appears_in_the_books()
    {
        var shop = shared.OpenShop();
        await PostAsync(shop, authorization: null);
        ((long)(await shop.LedgerAsync())["requests"]!["received"]!).ShouldBe(0);
    }

    private static Task<Answer> PostAsync(
        Shop shop,
        string? authorization = "its own",
        bool setTenant = false,
        string? tenant = null,
        string? alias = null,
        string? body = null,
        string contentType = "application/json") =>
        shop.SendAsync(HttpMethod.Post, Shop.EventsPath, request =>
        {
            if (authorization != "its own")
            {
                Shop.AddHeader(request.Headers, "Authorization", authorization);
            }

            if (setTenant)
            {
                Shop.AddHeader(request.Headers, "MOE-APPKEY", tenant);
            }

            Shop.AddHeader(request.Headers, "MOE-DBNAME", alias);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? Bodies.One().ToJsonString()));
            Shop.AddHeader(request.Content.Headers, "Content-Type", contentType);
        });
}
