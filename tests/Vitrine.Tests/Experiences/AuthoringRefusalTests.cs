using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiences;

public sealed class AuthoringRefusalTests(SharedServer shared)
{
    [Theory]
    [InlineData("""{"key":"abc"}""", "/key", "letters")]
    [InlineData("""{"key":"has space"}""", "/key", "letters")]
    [InlineData("""{"name":"abcd"}""", "/name", "5 characters")]
    [InlineData("""{"key":"abcde\n"}""", "/key", "letters")]
    [InlineData("""{"start":"2026-02-02T10:00\n"}""", "/start", "2026-12-01T09:00")]
    [InlineData("""{"start":"9999-12-31T10:00:00-14:00"}""", "/start", "no time that there is")]
    [InlineData("""{"goals":[{"name":"Buy","event":"buy","currency":"EUR\n"}]}""", "/goals/0/currency", "4217")]
    [InlineData("""{"priority":"Urgent"}""", "/priority", "Low, Medium, High, Critical")]
    [InlineData("""{"colour":"red"}""", "/colour", "no such property")]
    [InlineData("""{"time_zone":"Mars/Olympus"}""", "/time_zone", "Europe/Zurich")]
    [InlineData("""{"start":"tomorrow"}""", "/start", "2026-12-01T09:00")]
    [InlineData("""{"start":"2026-02-30T10:00"}""", "/start", "no time that there is")]
    [InlineData("""{"start":"2026-02-02T10:00","end":"2026-02-02T10:00"}""", "/end", "after the start")]
    [InlineData("""{"attribution_window_hours":721}""", "/attribution_window_hours", "720")]
    [InlineData("""{"control_group":{"percent":100.5}}""", "/control_group/percent", "100")]
    [InlineData("""{"goals":[{"name":"Buy","event":"buy","currency":"euro"}]}""", "/goals/0/currency", "4217")]
    [InlineData("""{"goals":[{"name":"Buy","event":"buy"},{"name":"Buy","event":"x"}]}""", "/goals/1/name", "its own")]
    [InlineData("""{"audiences":[{"name":"A"},{"name":"A"}]}""", "/audiences/1/name", "its own")]
    [InlineData("""{"audiences":[{"name":"A","variations":[{"share":50},{"share":49.99}]}]}""", "/audiences/0/variations", "99.99")]
    [InlineData("""{"audiences":[{"name":"A","variations":[{"share":100},{}]}]}""", "/audiences/0/variations/1/share", "every variation")]
    [InlineData("""{"audiences":[{"name":"A","variations":[{"share":33.333},{"share":66.667}]}]}""", "/audiences/0/variations/0/share", "multiple of 0.01")]
    [InlineData("""{"audiences":[{"name":"A","variations":[{},{},{},{},{},{}]}]}""", "/audiences/0/variations", "at most 5")]
    [InlineData("""{"audiences":[{},{},{},{},{},{},{},{},{},{},{}]}""", "/audiences", "at most 10")]
    [InlineData("""{"audiences":[{"name":"A","variations":[{"payload":{"x":{"data_type":"date","value":1}}}]}]}""", "/audiences/0/variations/0/payload/x/data_type", "boolean")]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string change, string path, string reason)
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            document[name] = value!.DeepClone();
        }

        (await shop.CreateAsync(document)).ShouldRefuseTheExperience(path, reason);
        ((int)(await shop.ReadAsync(Authoring.Path))["count"]!).ShouldBe(0);
        (await shop.ReadAsync("/api/v1/audit"))["entries"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"key":"\ud800","name":"x"}""", "half of a surrogate pair")]
    [InlineData("""{"\ud800":1}""", "half of a surrogate pair")]
    [InlineData("""{"key":"checkout-banner","name":"Nul \u0000 in it"}""", "NUL")]
    [InlineData("[]", "object")]
    [InlineData("7", "object")]
    public async Task What_is_no_text_or_no_object_is_refused_whatever_is_done_with_it(string body, string reason)
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        foreach (var (method, path) in new[] { (HttpMethod.Post, ""), (HttpMethod.Put, "/checkout-banner"), (HttpMethod.Patch, "/checkout-banner"), (HttpMethod.Post, "/checkout-banner/revert"), (HttpMethod.Post, "/checkout-banner/simulate") })
        {
            var answer = await SendAsync(shop, method, Authoring.Path + path, System.Text.Encoding.UTF8.GetBytes(body));
            answer.Status.ShouldBeOneOf(400, 422);
            answer.Text.ShouldContain(reason, Case.Insensitive, $"{method} {path}");
        }

        (await SendAsync(shop, HttpMethod.Post, Authoring.Path, [.. "{\"name\":\""u8, 0xE9, .. "\"}"u8])).Text.ShouldContain("not encoded as UTF-8");
        ((int)(await shop.ReadAsync("/api/v1/experiences/checkout-banner"))["revision"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"percnt":50}""", "/percnt")]
    [InlineData("""{"Percent":50}""", "/percent")]
    [InlineData("{}", "/percent")]
    [InlineData("""{"percent":"5"}""", "/percent")]
    public async Task A_control_group_that_is_misspelt_changes_nothing(string body, string path)
    {
        var shop = shared.OpenShop();
        (await shop.SendAsync(HttpMethod.Put, "/api/v1/control-group", JsonNode.Parse("""{"percent":10}""")!)).Status.ShouldBe(200);
        var answer = await shop.SendAsync(HttpMethod.Put, "/api/v1/control-group", JsonNode.Parse(body)!);
        answer.Status.ShouldBe(400);
        answer.Json["errors"]!.AsArray().Select(static error => (string)error!["path"]!).ShouldContain(path);
        answer.Text.ShouldNotContain("Vitrine.");
        ((decimal)(await shop.ReadAsync("/api/v1/control-group"))["percent"]!).ShouldBe(10);
    }

    [Theory]
    [InlineData("gzip", 201)]
    [InlineData("br", 201)]
    [InlineData("deflate", 415)]
    public async Task A_compressed_document_is_read_or_refused_by_name(string encoding, int status)
    {
        var shop = shared.OpenShop();
        var body = Encoding.UTF8.GetBytes(Authoring.Document().ToJsonString());
        var answer = await shop.SendAsync(HttpMethod.Post, Authoring.Path, request =>
        {
            request.Content = new ByteArrayContent(status == 201 ? Compression.Of(encoding, body) : body);
            request.Content.Headers.ContentType = new("application/json");
            request.Content.Headers.ContentEncoding.Add(encoding);
        });
        answer.Status.ShouldBe(status, answer.Text);
    }

    [Fact]
    public async Task A_status_is_not_patched_but_sent_back_as_it_is()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await PatchAsync(shop, """{"status":"Draft","name":"Another"}""")).Status.ShouldBe(200);
        var refused = await PatchAsync(shop, """{"status":"Active","name":"A third"}""");
        refused.ShouldRefuseTheExperience("/status", "publish");
        ((string)(await shop.ReadAsync("/api/v1/experiences/checkout-banner"))["name"]!).ShouldBe("Another");
    }

    [Fact]
    public async Task An_experience_has_twenty_regular_expressions_and_no_more()
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = JsonNode.Parse($$"""{"any":[{{string.Join(',', Enumerable.Repeat("""{"source":"request","name":"v","op":"matches","value":"a+"}""", 21))}}]}""");
        (await shop.CreateAsync(document)).ShouldRefuseTheExperience("/audiences", "at most 20");
        document["audiences"]![0]!["match"]!["any"]!.AsArray().RemoveAt(0);
        (await shop.CreateAsync(document)).Status.ShouldBe(201);
    }

    [Fact]
    public async Task A_parameter_that_is_given_twice_is_refused()
    {
        var shop = shared.OpenShop();
        var answer = await shop.GetAsync("/api/v1/experiences?tag=a&tag=b");
        answer.Status.ShouldBe(400);
        ((string)answer.Json["detail"]!).ShouldBe("tag: it is given more than once; give it once.");
    }

    [Fact]
    public async Task Of_two_who_edit_the_same_state_the_second_is_told_and_loses_nothing()
    {
        var shop = shared.OpenShop();
        var draft = await shop.CreateAsync(Authoring.Document());
        var seen = draft.Header("ETag")!;
        var (first, second) = (draft.Json, draft.Json);
        (first["name"], second["name"]) = ("The first editor", "The second editor");
        var won = await shop.ReplaceAsync("checkout-banner", first, seen);
        won.Status.ShouldBe(200);
        var lost = await shop.ReplaceAsync("checkout-banner", second, seen);
        lost.Status.ShouldBe(412);
        ((string)lost.Json["detail"]!).ShouldContain("nothing of theirs was lost");
        ((string)(await shop.ReadAsync("/api/v1/experiences/checkout-banner"))["name"]!).ShouldBe("The first editor");
        (await shop.ReplaceAsync("checkout-banner", second, won.Header("ETag"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Of_many_who_edit_at_the_same_time_exactly_one_wins_each_round()
    {
        var shop = shared.OpenShop();
        var seen = (await shop.CreateAsync(Authoring.Document())).Header("ETag");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            Task.Run(() => shop.ReplaceAsync("checkout-banner", Authoring.Document(name: $"Editor {number}"), seen))));
        answers.Count(static answer => answer.Status == 200).ShouldBe(1);
        answers.Count(static answer => answer.Status == 412).ShouldBe(7);
    }

    [Fact]
    public async Task Of_many_who_make_the_same_key_exactly_one_gets_it()
    {
        var shop = shared.OpenShop();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => shop.CreateAsync(Authoring.Document()))));
        answers.Count(static answer => answer.Status == 201).ShouldBe(1);
        answers.Count(static answer => answer.Status == 409).ShouldBe(7);
    }

    [Fact]
    public async Task A_change_says_which_state_it_is_made_on()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await shop.ReplaceAsync("checkout-banner", Authoring.Document(), null)).Status.ShouldBe(428);
        (await shop.ReplaceAsync("checkout-banner", Authoring.Document(), "1")).Status.ShouldBe(400);
        (await shop.ReplaceAsync("checkout-banner", Authoring.Document(), "W/\"1\"")).Status.ShouldBe(412);
        (await shop.ReplaceAsync("checkout-banner", Authoring.Document(), "\"7\", \"1\"")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"audiences":[]}""", "/audiences")]
    [InlineData("""{"audiences":[{"name":"A"}]}""", "/audiences/0/variations")]
    [InlineData("""{"end":"2020-01-01T00:00"}""", "/end")]
    public async Task What_is_unfinished_is_stored_but_not_published(string change, string path)
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        await shop.ChangedAsync("checkout-banner", JsonNode.Parse(change)!);
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/publish")).ShouldRefuseTheExperience(path, "published");
        ((string)(await shop.ReadAsync("/api/v1/experiences/checkout-banner"))["status"]!).ShouldBe("Draft");
    }

    [Theory]
    [InlineData("not json", 400)]
    [InlineData("""{"key":"first-key","key":"second-key","name":"Twice named"}""", 400)]
    [InlineData("[]", 422)]
    [InlineData("", 400)]
    public async Task A_body_that_is_no_document_is_refused(string body, int status)
    {
        var shop = shared.OpenShop();
        var answer = await shop.SendAsync(HttpMethod.Post, Authoring.Path, request => request.Content = new StringContent(body, null, "application/json"));
        answer.Status.ShouldBe(status, answer.Text);
    }

    [Fact]
    public async Task A_document_that_is_too_large_or_too_deep_is_refused()
    {
        var shop = shared.OpenShop();
        (await shop.CreateAsync(Authoring.Document(name: new string('x', 600_000)))).Status.ShouldBe(413);
        var deep = string.Concat(Enumerable.Repeat("""{"not":""", 1000)) + "1" + new string('}', 1000);
        var body = $$"""{"key":"deep-one","name":"Deep one","audiences":[{"name":"A","match":{{deep}}}]}""";
        var answer = await shop.SendAsync(HttpMethod.Post, Authoring.Path, request => request.Content = new StringContent(body, null, "application/json"));
        answer.Status.ShouldBe(400, answer.Text);
        (await shop.SendAsync(HttpMethod.Post, Authoring.Path, Authoring.Document(), contentType: "text/plain")).Status.ShouldBe(415);
    }

    /// <summary>What would take long to check is not checked.</summary>
    [Theory]
    [InlineData("""{"key":"many-parts","name":"Many parts","audiences":[#]}""", "{}", 6_000, "5,000 objects")]
    [InlineData("""{"key":"many-parts","name":"Many parts","audiences":[{"name":"A","match":{"all":[#]}}]}""", """{"source":"user","name":"a","op":"exists"}""", 1_000, "200")]
    [InlineData("""{"key":"many-parts","name":"Many parts","tags":[#]}""", "\"a\"", 100_000, "20 items")]
    public async Task A_document_of_too_many_parts_is_refused(string document, string part, int parts, string reason)
    {
        var shop = shared.OpenShop();
        var body = document.Replace("#", string.Join(',', Enumerable.Repeat(part, parts)), StringComparison.Ordinal);
        var answer = await shop.SendAsync(HttpMethod.Post, Authoring.Path, request => request.Content = new StringContent(body, null, "application/json"));
        answer.Status.ShouldBe(422, answer.Text);
        answer.Text.ShouldContain(reason);
        ((int)(await shop.ReadAsync(Authoring.Path))["count"]!).ShouldBe(0);
    }

    /// <summary>A pattern is never slow at matching, and one that would be large is refused.</summary>
    [Theory]
    [InlineData("(x{1000}){1000}")]
    [InlineData("(a|b")]
    [InlineData("(?=x)y")]
    public async Task A_pattern_that_cannot_be_matched_in_linear_time_is_refused(string pattern)
    {
        var shop = shared.OpenShop();
        var document = Authoring.Document();
        document["audiences"]![0]!["match"] = new JsonObject { ["source"] = "user", ["name"] = "a", ["op"] = "matches", ["value"] = pattern };
        (await shop.CreateAsync(document)).ShouldRefuseTheExperience("/audiences/0/match/value", "");
    }

    [Fact]
    public async Task An_id_that_was_never_given_is_refused()
    {
        var shop = shared.OpenShop();
        var draft = await shop.DraftAsync(Authoring.Document());
        draft["audiences"]![0]!["id"] = "9";
        (await shop.ReplaceAsync("checkout-banner", draft)).ShouldRefuseTheExperience("/audiences/0/id", "'9'");
    }

    [Fact]
    public async Task Steps_that_make_no_sense_are_refused()
    {
        var shop = shared.OpenShop();
        await shop.DraftAsync(Authoring.Document());
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/pause")).Status.ShouldBe(409);
        await shop.StepAsync("checkout-banner", "archive");
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/checkout-banner/publish")).Status.ShouldBe(409);
        (await shop.SendAsync(HttpMethod.Post, "/api/v1/experiences/no-such/publish")).Status.ShouldBe(404);
        ((string)(await shop.StepAsync("checkout-banner", "resume"))["status"]!).ShouldBe("Draft");
    }

    private static Task<Answer> PatchAsync(Shop shop, string body) =>
        SendAsync(shop, HttpMethod.Patch, "/api/v1/experiences/checkout-banner", Encoding.UTF8.GetBytes(body));

    private static Task<Answer> SendAsync(Shop shop, HttpMethod method, string path, byte[] body) => shop.SendAsync(method, path, request =>
    {
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TryAddWithoutValidation("If-Match", "*");
    });
}
