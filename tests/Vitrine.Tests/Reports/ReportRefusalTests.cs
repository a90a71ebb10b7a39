using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class ReportRefusalTests(SharedServer shared)
{
    private const string Report = "/api/v1/reports/experiences/66d55ae445921e4d35ae4368";

    [Theory]
    [InlineData(Report + "?by=colour", "by: 'colour' is none of variation, audience, locale, platform, click_target")]
    [InlineData(Report + "?by=variation,Locale", "by: 'Locale'")]
    [InlineData(Report + "?scale=year", "scale: 'year' is none of hour, day, week, month")]
    [InlineData(Report + "?scale=Day", "scale: 'Day'")]
    [InlineData(Report + "?tz=Mars/Olympus", "tz: 'Mars/Olympus'")]
    [InlineData(Report + "?tz=CEST", "tz: 'CEST'")]
    [InlineData(Report + "?from=yesterday", "from: 'yesterday'")]
    [InlineData(Report + "?from=2026-13-01", "from: '2026-13-01'")]
    [InlineData(Report + "?to=2026-02-30", "to: '2026-02-30'")]
    [InlineData(Report + "?from=2026-02-02&to=2026-02-01", "to lies before from")]
    [InlineData("/api/v1/reports/experiences?tz=x", "tz: 'x'")]
    [InlineData("/api/v1/reports/experiences?from=x", "from: 'x'")]
    [InlineData("/api/v1/ledger?scale=decade", "scale: 'decade'")]
    [InlineData("/api/v1/ledger?from=2026-01-01T00:00:30Z", "whole minutes")]
    [InlineData("/api/v1/exports/events?format=xml", "format: 'xml' is none of ndjson, csv, parquet")]
    [InlineData("/api/v1/exports/events?to=x", "to: 'x'")]
    [InlineData("/api/v1/events/x", "'x' is no UUID")]
    [InlineData("/api/v1/requests/x", "'x' is no req_id")]
    [InlineData("/api/v1/requests/1234567-", "'1234567-' is no req_id")]
    [InlineData(Report + "?tz=Etc/GMT+99", "tz: 'Etc/GMT+99'")]
    [InlineData(Report + "?from=2026-02-02T25:00:00+01:00", "from: '2026-02-02T25:00:00+01:00'")]
    [InlineData(Report + "?from=2026-02-02T00:00:00+01:00&to=2026-02-01", "2026-02-01 < 2026-02-02T00:00:00+01:00")]
    [InlineData(Report + "?group=variation", "'group' is no query parameter of this endpoint; it takes from, to, tz, by, scale, attribution.")]
    [InlineData("/api/v1/reports/experiences?by=variation", "'by' is no query parameter of this endpoint; it takes from, to, tz.")]
    [InlineData("/api/v1/exports/events?fmt=csv", "it takes from, to, tz, format.")]
    [InlineData("/api/v1/events/aa886712-4537-47c1-b126-2686efda2e26?x=1", "it takes none")]
    public async Task A_bad_question_is_400_and_says_what_would_be_right(string path, string detail)
    {
        var answer = await shared.OpenShop().GetAsync(path);
        ShouldBeProblem(answer, 400);
        ((string)answer.Json["detail"]!).ShouldContain(detail);
    }

    [Theory]
    [InlineData(Report)]
    [InlineData("/api/v1/events/aa886712-4537-47c1-b126-2686efda2e26")]
    [InlineData("/api/v1/requests/zzzzzzzz")]
    [InlineData("/api/v1/nothing")]
    public async Task What_is_unknown_is_404(string path) => ShouldBeProblem(await shared.OpenShop().GetAsync(path), 404);

    [Theory]
    [InlineData(Report)]
    [InlineData("/api/v1/reports/experiences")]
    [InlineData("/api/v1/ledger")]
    [InlineData("/api/v1/exports/events")]
    [InlineData("/api/v1/events/aa886712-4537-47c1-b126-2686efda2e26")]
    [InlineData("/api/v1/requests/zzzzzzzz")]
    public async Task Without_the_key_it_is_401(string path)
    {
        var shop = shared.OpenShop();
        await shop.PostAsync(Bodies.One());
        foreach (var authorization in new[] { null, "", "Basic x", Shop.Basic(shop.Id, "wrong"), Shop.Basic("NOBODY", shop.Key), shared.OpenShop().Credentials })
        {
            var answer = await shop.SendAsync(HttpMethod.Get, path, request => Shop.AddHeader(request.Headers, "Authorization", authorization));
            ShouldBeProblem(answer, 401);
            answer.Header("WWW-Authenticate")!.ShouldStartWith("Basic");
        }
    }

    [Fact]
    public async Task The_user_name_alone_names_the_environment()
    {
        var shop = shared.OpenShop();
        var answer = await shop.SendAsync(HttpMethod.Get, "/api/v1/ledger", static request => Shop.AddHeader(request.Headers, "MOE-APPKEY", null));
        answer.Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(null, 200, "application/json")]
    [InlineData("*/*", 200, "application/json")]
    [InlineData("application/json", 200, "application/json")]
    [InlineData("text/csv", 200, "text/csv")]
    [InlineData("text/*", 200, "text/csv")]
    [InlineData("text/csv;q=0.5, application/json", 200, "application/json")]
    [InlineData("application/json;q=0.5, text/csv", 200, "text/csv")]
    [InlineData("text/html, */*;q=0.1", 200, "application/json")]
    [InlineData("text/html", 406, "application/problem+json")]
    [InlineData("application/xml, image/png", 406, "application/problem+json")]
    [InlineData("application/json;q=0", 406, "application/problem+json")]
    [InlineData("application/json;q=0, */*", 200, "text/csv")]
    public async Task The_format_is_the_clients_choice(string? accept, int status, string mediaType)
    {
        var shop = shared.OpenShop();
        await shop.PostAsync(Bodies.One());
        foreach (var path in new[] { Report, "/api/v1/reports/experiences", "/api/v1/ledger" })
        {
            var answer = await shop.GetAsync(path, accept);
            answer.Status.ShouldBe(status, path);
            answer.ContentHeaders.ContentType!.MediaType.ShouldBe(mediaType, path);
        }
    }

    private static void ShouldBeProblem(Answer answer, int status)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.ContentHeaders.ContentType!.MediaType.ShouldBe("application/problem+json");
        ((int)answer.Json["status"]!).ShouldBe(status);
        answer.Title.ShouldNotBeNullOrEmpty();
        answer.Header("x-request-id").ShouldNotBeNullOrEmpty();
    }
}
