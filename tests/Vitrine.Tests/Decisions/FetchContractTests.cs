using System.Text.Json.Nodes;
using Vitrine.Decisions;
using Vitrine.Tests.Experiences;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Decisions;

public sealed class FetchContractTests(SharedServer shared)
{
    [Fact]
    public async Task What_is_delivered_is_exactly_as_the_contract_has_it()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"] = JsonNode.Parse("""
            [{"name":"Everybody","variations":[{"name":"Only","share":100,"payload":{
              "title":{"data_type":"string","value":"Grüezi \"you\" <b>"},
              "count":{"data_type":"number","value":3},
              "price":{"data_type":"float","value":9.99},
              "on":{"data_type":"boolean","value":true},
              "more":{"data_type":"json","value":{"a":[1,null]}}}}]}]
            """)!;
        var id = (string)(await shop.PublishedAsync(document))["id"]!;
        var answer = await shop.FetchAsync("""{"identifiers":{"customer_id":"ada"},"experience_key":["checkout-banner"]}""");
        answer.Status.ShouldBe(200);
        answer.ContentHeaders.ContentType!.ToString().ShouldBe("application/json");
        answer.Text.ShouldBe($$$$$"""{"experiences":{"checkout-banner":{"payload":{"title":{"value":"Grüezi \"you\" <b>","data_type":"string"},"count":{"value":3,"data_type":"number"},"price":{"value":9.99,"data_type":"float"},"on":{"value":true,"data_type":"boolean"},"more":{"value":{"a":[1,null]},"data_type":"json"}},"experience_context":{"cid":"{{{{{id}}}}}_F_T_WP_AB_0_P_0_AU_1","experience":"Checkout banner","moe_locale_id":"0","moe_variation_id":"0","audience_name":"Everybody","audience_id":"1","type":"Web Personalization","experience_type":"API based Experience"}}}}""");
    }

    [Fact]
    public async Task The_context_can_be_reported_as_it_was_delivered()
    {
        var shop = shared.OpenShop();
        var id = (string)(await shop.PublishedAsync(Authoring.Document()))["id"]!;
        var context = (await shop.FetchedAsync("ada"))["checkout-banner"]!["experience_context"]!.DeepClone();
        var body = Bodies.One();
        body["elements"]![0]!["actions"]![0]!["attributes"] = context;
        (await shop.PostAsync(body)).ShouldBeAccepted();
        var report = await shop.ReadAsync($"/api/v1/reports/experiences/{id}");
        ((string)report["experience"]!["name"]!).ShouldBe("Checkout banner");
        ((int)report["total"]!["impressions"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"experience_key":["first-one","second-one"]}""", "first-one,second-one")]
    [InlineData("""{"experience_key":["second-one","first-one","second-one"]}""", "second-one,first-one")]
    [InlineData("""{"experience_key":"second-one"}""", "second-one")]
    [InlineData("""{"experience_key":["no-such","first-one"]}""", "first-one")]
    [InlineData("""{"experience_key":["first-one"],"experience_key":["second-one"]}""", "second-one")]
    [InlineData("""{"experience_key":["first-one"],"experience_key":null}""", "second-one,first-one,third-one")]
    [InlineData("""{"experience_key":[]}""", "")]
    [InlineData("""{"experience_key":["FIRST-ONE"]}""", "")]
    [InlineData("""{"experience_key":["no-such-key-as-long-as-this-0123456789012345678901234567890123456789012345678901234567890123456789"]}""", "")]
    [InlineData("""{"experience_key":null}""", "second-one,first-one,third-one")]
    [InlineData("""{}""", "second-one,first-one,third-one")]
    [InlineData("""{"identifiers":{},"anything":{"else":[1]}}""", "second-one,first-one,third-one")]
    [InlineData("""{"identifiers":{"user_identifiers":"ada@example.com"}}""", "second-one,first-one,third-one")]
    [InlineData("""{"identifiers":{"customer_id":"guest"}}""", "second-one,first-one,third-one")]
    [InlineData("""{"identifiers":{"customer_id":7}}""", "second-one,first-one,third-one")]
    public async Task Keys_choose_what_is_decided_and_without_any_it_is_everything_by_priority(string body, string expected)
    {
        var shop = shared.OpenShop();
        foreach (var (key, priority) in new[] { ("first-one", "Medium"), ("second-one", "Critical"), ("third-one", "Low") })
        {
            var document = Authoring.Document(key);
            document["priority"] = priority;
            await shop.PublishedAsync(document);
        }

        var answer = await shop.FetchAsync(body);
        answer.Status.ShouldBe(200, answer.Text);
        string.Join(',', answer.Json["experiences"]!.AsObject().Select(static one => one.Key)).ShouldBe(expected);
    }

    [Fact]
    public async Task The_first_25_keys_are_decided_and_the_rest_passed_over()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        var keys = new JsonArray([.. Enumerable.Range(0, 24).Select(static number => (JsonNode)$"no-such-{number}"), "checkout-banner"]);
        (await shop.FetchedAsync(new JsonObject { ["experience_key"] = keys.DeepClone() })).Count.ShouldBe(1);
        keys.Insert(0, (JsonNode)"one-more");
        (await shop.FetchedAsync(new JsonObject { ["experience_key"] = keys.DeepClone() })).Count.ShouldBe(0);
        var failures = await shop.FailuresAsync(new JsonObject { ["experience_key"] = keys });
        ((string)failures["checkout-banner"]!).ShouldBe("MAX_LIMIT_BREACHED");
        ((string)failures["no-such-3"]!).ShouldBe("INVALID_EXPERIENCE_KEY");
    }

    [Fact]
    public async Task Why_an_experience_is_left_out_is_told_where_it_is_preferred()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document("a-draft"));
        await shop.PublishedAsync(Authoring.Document("paused-one"));
        await shop.StepAsync("paused-one", "pause");
        var later = Authoring.Document("later-one");
        later["start"] = "2999-01-01T00:00";
        await shop.PublishedAsync(later);
        var kept = Authoring.Document("kept-out");
        kept["control_group"] = new JsonObject { ["percent"] = 100 };
        await shop.PublishedAsync(kept);
        var nobody = Authoring.Document("for-nobody");
        nobody["audiences"]![0]!["match"] = JsonNode.Parse("""{"source":"request","name":"utm_medium","op":"equals","value":"email"}""");
        await shop.PublishedAsync(nobody);
        var body = JsonNode.Parse("""{"identifiers":{"customer_id":"ada"},"experience_key":["a-draft","paused-one","later-one","kept-out","for-nobody","no-such"]}""")!.AsObject();
        (await shop.FetchedAsync(body)).Count.ShouldBe(0);
        (await shop.FailuresAsync(body)).ToJsonString().ShouldBe("""{"a-draft":"INVALID_EXPERIENCE_KEY","paused-one":"EXPERIENCE_NOT_ACTIVE","later-one":"EXPERIENCE_NOT_ACTIVE","kept-out":"USER_IN_CAMPAIGN_CONTROL_GROUP","for-nobody":"USER_NOT_IN_SEGMENT","no-such":"INVALID_EXPERIENCE_KEY"}""");
        body["utm_medium"] = "email";
        (await shop.FetchedAsync(body)).Select(static one => one.Key).ShouldBe(["for-nobody"]);
        body.Remove("utm_medium");
        body["custom_attribute"] = new JsonObject { ["utm_medium"] = "email" };
        (await shop.FetchedAsync(body)).Select(static one => one.Key).ShouldBe(["for-nobody"]);
        (await shop.SendAsync(HttpMethod.Put, "/api/v1/control-group", new JsonObject { ["percent"] = 100 })).Status.ShouldBe(200);
        (await shop.FailuresAsync(body))["for-nobody"]!.ToString().ShouldBe("USER_IN_GLOBAL_CONTROL_GROUP");
    }

    [Fact]
    public async Task The_first_audience_that_fits_wins()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        var first = Authoring.Audience("By e-mail", ("Mail", 100));
        first["match"] = JsonNode.Parse("""{"source":"request","name":"utm_medium","op":"equals","value":"email"}""");
        document["audiences"] = new JsonArray(first, Authoring.Audience("Everybody", ("Plain", 100)));
        await shop.PublishedAsync(document);
        var plain = (await shop.FetchedAsync("ada"))["checkout-banner"]!["experience_context"]!;
        ((string)plain["audience_name"]!).ShouldBe("Everybody");
        var mail = (await shop.FetchedAsync(JsonNode.Parse("""{"identifiers":{"customer_id":"ada"},"utm_medium":"email"}""")!.AsObject()))["checkout-banner"]!;
        ((string)mail["experience_context"]!["audience_name"]!).ShouldBe("By e-mail");
    }

    [Fact]
    public async Task Without_an_identifier_only_audiences_that_ask_nothing_about_the_user_fit()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse("""{"not":{"source":"user","name":"plan","op":"exists"}}""");
        await shop.PublishedAsync(document);
        await shop.PublishedAsync(Authoring.Document("for-everybody"));
        (await shop.FetchedAsync()).Select(static one => one.Key).ShouldBe(["for-everybody"]);
        (await shop.FetchedAsync("ada")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_publish_is_decided_by_as_soon_as_it_is_answered()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", new JsonObject { ["audiences"] = new JsonArray(Authoring.Audience("Everybody", ("Green", 100))) });
        ((string)(await shop.FetchedAsync("ada"))["checkout-banner"]!["payload"]!["color"]!["value"]!).ShouldNotBe("Green");
        await shop.StepAsync("checkout-banner", "publish");
        ((string)(await shop.FetchedAsync("ada"))["checkout-banner"]!["payload"]!["color"]!["value"]!).ShouldBe("Green");
        await shop.StepAsync("checkout-banner", "archive");
        (await shop.FetchedAsync("ada")).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_is_no_text_does_not_keep_templates_from_being_filled_in()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        foreach (var variation in document["audiences"]![0]!["variations"]!.AsArray())
        {
            variation!["payload"]!["color"]!["value"] = "{{ request.x }}";
        }

        await shop.PublishedAsync(document);
        var answer = await shop.FetchAsync("""{"identifiers":{"customer_id":"ada"},"\ud800":1,"x":"y","custom_attribute":{"\udfff":{}}}""");
        answer.Status.ShouldBe(200, answer.Text);
        ((string)answer.Json["experiences"]!["checkout-banner"]!["payload"]!["color"]!["value"]!).ShouldBe("y");
    }

    [Theory]
    [InlineData("""{"DAY_OF_THE_WEEK":"funday","DAY_OF_THE_WEEK":"Monday"}""")]
    [InlineData("""{"TIME_OF_THE_DAY":"99","TIME_OF_THE_DAY":null}""")]
    [InlineData("""{"identifiers":7,"identifiers":{"customer_id":7,"customer_id":"ada"}}""")]
    [InlineData("""{"experience_key":{},"experience_key":"checkout-banner","USER_AGENT":1,"USER_AGENT":null}""")]
    public async Task Of_a_repeated_field_the_last_one_counts_whatever_the_others_hold(string body) =>
        (await shared.OpenShop().FetchAsync(body)).Status.ShouldBe(200);

    [Theory]
    [InlineData("""{"identifiers":{"customer_id":"ada","user_identifiers":{"u_em":"e"}},"identifiers":{}}""", "", null)]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_mb":"4917012","u_em":""}}}""", "4917012", "u_mb")]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_mb":"4917012","u_em":null}}}""", "4917012", "u_mb")]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_em":"none","u_mb":"4917012"}}}""", "4917012", "u_mb")]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_em":"none"}}}""", "", null)]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_mb":"4917012","u_em":"ada@shop.example"}}}""", "ada@shop.example", "u_em")]
    [InlineData("""{"identifiers":{"user_identifiers":{"u_em":"ada@shop.example","u_mb":"4917012"}}}""", "ada@shop.example", "u_em")]
    public void The_best_identifier_that_names_somebody_is_taken(string body, string identifier, string? name)
    {
        var request = FetchRequest.Rent();
        request.Source.WriteRaw(System.Text.Encoding.UTF8.GetBytes(body));
        FetchDecoder.Decode(request, new EnvironmentNames()).ShouldBeNull();
        request.IdentifierName.ShouldBe(name);
        System.Text.Encoding.UTF8.GetString(request.Identifier.Written).ShouldBe(identifier);
        request.CustomerId.Length.ShouldBe(0);
        request.Return();
    }

    [Fact]
    public async Task A_key_that_is_repeated_behind_the_limit_did_not_breach_it()
    {
        var shop = shared.OpenShop();
        await shop.PublishedAsync(Authoring.Document());
        var keys = new JsonArray([.. Enumerable.Range(0, 24).Select(static number => (JsonNode)$"unknown-{number}"), "checkout-banner", "another", "checkout-banner"]);
        var failures = await shop.FailuresAsync(new JsonObject { ["identifiers"] = new JsonObject { ["customer_id"] = "ada" }, ["experience_key"] = keys });
        failures.ContainsKey("checkout-banner").ShouldBeFalse();
        ((string)failures["another"]!).ShouldBe("MAX_LIMIT_BREACHED");
    }

    [Fact]
    public async Task Nothing_active_is_no_experiences() =>
        (await shared.OpenShop().FetchAsync("{}")).Text.ShouldBe("""{"experiences":{}}""");

    [Theory]
    [InlineData("""{"DAY_OF_THE_WEEK":"funday"}""", "DAY_OF_THE_WEEK - Enum doesnt allow value: funday, allowed values: [Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday]")]
    [InlineData("""{"DAY_OF_THE_WEEK":"monday"}""", "DAY_OF_THE_WEEK - Enum doesnt allow value: monday, allowed values: [Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday]")]
    [InlineData("""{"TIME_OF_THE_DAY":"24"}""", "TIME_OF_THE_DAY - Enum doesnt allow value: 24, allowed values: [00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]")]
    [InlineData("""{"TIME_OF_THE_DAY":7}""", "TIME_OF_THE_DAY - Enum doesnt allow value: 7, allowed values: [00, 01, 02, 03, 04, 05, 06, 07, 08, 09, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]")]
    [InlineData("""{"experience_key":{"a":1}}""", "experience_key - experience_key must be a list of texts, or one text.")]
    [InlineData("""{"experience_key":["a",true]}""", "experience_key - experience_key must be a list of texts, or one text.")]
    [InlineData("""{"identifiers":"ada"}""", "identifiers - identifiers must be an object such as {\"customer_id\": \"ada\"}.")]
    [InlineData("""{"identifiers":{"customer_id":["ada"]}}""", "customer_id - customer_id must be a text of at most 512 bytes of UTF-8.")]
    [InlineData("""{"USER_AGENT":[]}""", "USER_AGENT - USER_AGENT must be a text.")]
    public async Task A_field_that_holds_what_it_must_not_is_refused(string body, string description)
    {
        var answer = (await shared.OpenShop().FetchAsync(body)).ShouldBeError(400, "Invalid Field Value", description);
        ((string)answer.Json["code"]!).ShouldMatch("^[A-Za-z]{8}$");
        answer.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Refusals_come_in_the_order_of_the_contract()
    {
        var shop = shared.OpenShop();
        (await shop.FetchAsync("")).ShouldBeError(400, "Empty request body");
        (await shop.FetchAsync("{")).ShouldBeError(400, "Malformed JSON");
        (await shop.FetchAsync("{} {}")).ShouldBeError(400, "Malformed JSON");
        (await shop.FetchAsync("[]")).ShouldBeError(400, "Invalid Field Value");
        (await shop.FetchAsync("{", contentType: "text/html")).ShouldBeError(415, "Unsupported Media Type");
        (await shop.FetchAsync("{\"a\":\"" + new string('x', 200_000) + "\"}")).ShouldBeError(413, "Payload too large");
        (await new Shop(shop.Server, shop.Id, "wrong-key-entirely").FetchAsync("{")).ShouldBeError(401, "Authentication required");
        (await new Shop(shop.Server, "NOBODY", shop.Key).FetchAsync("{")).ShouldBeError(400, "Request Error");
    }
}
