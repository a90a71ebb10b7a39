using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Customers;

public sealed class CustomerUpdateContractTests(SharedServer shared)
{
    private const int Limit = 128 * 1024;

    [Fact]
    public async Task Accepted_attributes_are_answered_as_the_contract_says_and_set()
    {
        var shop = shared.OpenShop();
        var answer = await shop.SetAttributesAsync("ann", """{"city":"Berlin","born":"1990-05-01T00:00:00Z","tags":["a",1,true,null],"n":12.50,"gone":null}""");
        answer.Json.Select(static one => one.Key).ShouldBe(["status", "message", "request_id"]);
        ((string?)answer.Json["status"]).ShouldBe("success");
        ((string?)answer.Json["message"]).ShouldBe("Your request has been accepted and will be processed soon.");
        (await AttributesAsync(shop, "ann")).ShouldBe("""{"born":"1990-05-01T00:00:00Z","city":"Berlin","n":12.50,"tags":["a",1,true,null]}""");
    }

    [Fact]
    public async Task The_request_has_a_receipt_without_events()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.SetAttributesAsync("ann", "{}")).Json["request_id"]!;
        var receipt = await shop.ReadAsync("/api/v1/requests/" + id);
        ((string)receipt["outcome"]!).ShouldBe("accepted");
        ((bool)receipt["projected"]!).ShouldBeTrue();
        receipt["events"]!.AsArray().ShouldBeEmpty();
        (await shared.OpenShop().GetAsync("/api/v1/requests/" + id)).Status.ShouldBe(404);
        await shop.ShouldHaveStoredNothingAsync();
    }

    [Fact]
    public async Task Attributes_that_are_answered_200_are_there_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        Shop shop;
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            shop = server.OpenShop();
            await shop.SetAttributesAsync("ann", """{"a":1}""");
        }

        await using var again = await TestServer.StartAsync(folder.Path);
        (await AttributesAsync(shop.On(again), "ann")).ShouldBe("""{"a":1}""");
    }

    [Theory]
    [InlineData("""{"type":"customer","customer_id":12345,"attributes":{"a":1}}""", "12345", """{"a":1}""")]
    [InlineData("""{"type":"customer","customer_id":"J\u00fcrg"}""", "Jürg", "{}")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":null,"platforms":[{}],"attributes":{"a":1},"attributes":{"b":1,"b":2}}""", "ann", """{"b":2}""")]
    [InlineData("""{"type":"event","type":"customer","customer_id":"x","customer_id":"ann","attributes":{"a":{},"a":1}}""", "ann", """{"a":1}""")]
    [InlineData("""{"customer\u005fid":"ann","type":"\u0063ustomer","\ud800":1}""", "ann", "{}")]
    [InlineData("\uFEFF {\"type\":\"customer\",\"customer_id\":\"ann\"}\r\n", "ann", "{}")]
    public async Task A_body_is_taken_as_it_is_meant(string body, string customer, string attributes)
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, body)).ShouldBeAccepted();
        (await AttributesAsync(shop, customer)).ShouldBe(attributes);
    }

    [Theory]
    [InlineData("""{"customer_id":"ann"}""", "type is required")]
    [InlineData("""{"type":"event","customer_id":"ann"}""", "type must be \"customer\"")]
    [InlineData("""{"type":1,"customer_id":"ann"}""", "type must be \"customer\"")]
    [InlineData("""{"type":"customer"}""", "customer_id is required")]
    [InlineData("""{"type":"customer","customer_id":null}""", "customer_id is required")]
    [InlineData("""{"type":"customer","customer_id":true}""", "customer_id must be a string, not a boolean")]
    [InlineData("""{"type":"customer","customer_id":""}""", "customer_id must not be empty")]
    [InlineData("""{"type":"customer","customer_id":"Guest"}""", "customer_id is a placeholder")]
    [InlineData("""{"type":"customer","customer_id":0}""", "customer_id is a placeholder")]
    [InlineData("""{"type":"customer","customer_id":"ö"}""", "customer_id has one character")]
    [InlineData("""{"type":"customer","customer_id":"a\ud800"}""", "customer_id is not Unicode text")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":[]}""", "attributes must be an object, not an array")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":{"a/b":{}}}""", "attributes/a~1b must be a string, a number")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":{"a":[[]]}}""", "attributes/a must be a string, a number")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":{"a":"\ud800"}}""", "attributes/a is not Unicode text")]
    [InlineData("""{"type":"customer","customer_id":"ann","attributes":{"\ud800":1}}""", "attributes has a name that is not Unicode text")]
    [InlineData("""{"customer_id":"id","attributes":1}""", "type is required: it must be \"customer\"; customer_id is a placeholder that many users would share; send the user's own id; attributes must be an object")]
    [InlineData("[]", "the body must be an object, not an array")]
    public async Task Bad_fields_are_named_and_nothing_is_stored(string body, string message)
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, body)).ShouldFail(400, "Invalid Field Value", message);
        (await shop.GetCustomerAsync("ann")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task An_id_has_at_most_512_bytes_and_a_request_at_most_100_attributes()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, Body(new string('x', 512), 100))).ShouldBeAccepted();
        (await PostAsync(shop, Body(new string('x', 513), 100))).ShouldFail(400, "Invalid Field Value", "customer_id has 513 bytes; at most 512 are allowed");
        (await PostAsync(shop, Body("ann", 101))).ShouldFail(400, "Invalid Field Value", "attributes has 101 keys; at most 100 are allowed");
    }

    [Theory]
    [InlineData("", "Empty request body")]
    [InlineData(" \r\n", "Empty request body")]
    [InlineData("{", "Malformed JSON")]
    [InlineData("{} {}", "Malformed JSON")]
    [InlineData("{\"type\":\"customer\",\"customer_id\":\"ann\",}", "Malformed JSON")]
    public async Task What_is_no_JSON_is_400(string body, string type) => (await PostAsync(shared.OpenShop(), body)).ShouldFail(400, type, "JSON");

    [Fact]
    public async Task What_is_no_UTF8_is_400() =>
        (await shared.OpenShop().PostCustomerAsync([.. "{\"type\":\"customer\",\"customer_id\":\"an"u8, 0xFF, .. "\"}"u8])).ShouldFail(400, "Malformed JSON", "UTF-8");

    [Fact]
    public async Task A_body_has_at_most_128_kilobytes_after_decompression()
    {
        var shop = shared.OpenShop();
        (await PostAsync(shop, Body("ann", 1).PadRight(Limit))).ShouldBeAccepted();
        (await PostAsync(shop, Body("ann", 1).PadRight(Limit + 1))).ShouldFail(413, "Payload too large", "131,072");
        var compressed = Compression.Of("zstd", Encoding.UTF8.GetBytes(Body("bob", 1).PadRight(Limit + 1)));
        (await shop.PostCustomerAsync(compressed, contentEncoding: "zstd")).ShouldFail(413, "Payload too large", "131,072");
    }

    [Fact]
    public async Task Codings_and_media_types_are_those_of_the_events()
    {
        var shop = shared.OpenShop();
        (await shop.PostCustomerAsync(Compression.Of("gzip", Encoding.UTF8.GetBytes(Body("ann", 1))), contentEncoding: "gzip")).ShouldBeAccepted();
        (await shop.PostCustomerAsync(Encoding.UTF8.GetBytes(Body("ann", 1)), contentEncoding: "br")).ShouldFail(400, "Malformed JSON", "");
        (await shop.PostCustomerAsync(Encoding.UTF8.GetBytes(Body("ann", 1)), "text/plain")).ShouldFail(415, "Unsupported Media Type", "application/json")
            .Header("Accept-Encoding").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_tenant_the_credentials_and_the_path_must_agree()
    {
        var (shop, other) = (shared.OpenShop(), shared.OpenShop());
        var body = Encoding.UTF8.GetBytes(Body("ann", 1));
        (await shop.PostCustomerAsync(body, change: static request => Shop.AddHeader(request.Headers, "MOE-APPKEY", null))).ShouldFail(400, "Request Error", "MOE-APPKEY");
        (await shop.PostCustomerAsync(body, change: static request => Shop.AddHeader(request.Headers, "Authorization", null)))
            .ShouldFail(401, "Authentication required", "API_KEY").Header("WWW-Authenticate")!.ShouldStartWith("Basic");
        (await shop.PostCustomerAsync(body, path: "/v1/customer/" + other.Id)).ShouldFail(401, "Authentication required", "another workspace");
        (await shop.PostCustomerAsync(body, path: "/v1/customer/" + shop.Debug.Id)).ShouldFail(401, "Authentication required", "another workspace");
        (await shop.PostCustomerAsync("{"u8.ToArray(), "text/plain", path: "/v1/customer/" + other.Id)).Status.ShouldBe(401);
        (await shop.GetCustomerAsync("ann")).Status.ShouldBe(404);
        (await other.GetCustomerAsync("ann")).Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("/v1/customer", 404)]
    [InlineData("/v1/customer/SHOP/x", 404)]
    public async Task What_no_endpoint_explains_has_the_same_shape(string path, int status) =>
        (await shared.OpenShop().PostCustomerAsync("{}"u8.ToArray(), path: path)).ShouldFail(status, "Not Found", "");

    [Fact]
    public async Task Without_room_on_the_disk_it_is_503_with_a_time_to_come_back()
    {
        TestCluster.SkipWhereAsked();
        await using var server = await TestServer.StartAsync(
            options: static options => options with { Journal = options.Journal with { ReservedBytes = long.MaxValue / 2 } });
        var shop = server.OpenShop();
        (await PostAsync(shop, Body("ann", 1))).ShouldFail(503, "Service Unavailable", "attributes cannot be stored").Header("Retry-After").ShouldBe("1");
        server.Journal.Head.ShouldBe(0);
    }

    [Fact]
    public async Task Requests_are_counted_by_outcome()
    {
        await using var server = await TestServer.StartAsync();
        var shop = server.OpenShop();
        await shop.SetAttributesAsync("ann", "{}");
        (await PostAsync(shop, "{")).Status.ShouldBe(400);
        var metrics = await server.MetricsAsync();
        metrics.ShouldContain("vitrine_customers_requests_total{outcome=\"accepted\"} 1");
        metrics.ShouldContain("vitrine_customers_requests_total{outcome=\"400\"} 1");
    }

    private static string Body(string customer, int attributes) => new JsonObject
    {
        ["type"] = "customer",
        ["customer_id"] = customer,
        ["attributes"] = new JsonObject(Enumerable.Range(0, attributes).Select(static one => KeyValuePair.Create($"a{one}", (JsonNode?)one))),
    }.ToJsonString();

    private static Task<Answer> PostAsync(Shop shop, string body) => shop.PostCustomerAsync(Encoding.UTF8.GetBytes(body));

    private static async Task<string> AttributesAsync(Shop shop, string customer)
    {
        var answer = await shop.GetCustomerAsync(customer);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json["attributes"]!.ToJsonString();
    }
}
