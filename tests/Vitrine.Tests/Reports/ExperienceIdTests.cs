using Vitrine.Tests.Support;

namespace Vitrine.Tests.Reports;

public sealed class ExperienceIdTests(SharedServer shared)
{
    [Theory]
    [InlineData("66d55ae445921e4d35ae4368_F_T_WP_AB_2_P_0_AU_5A", "66d55ae445921e4d35ae4368")]
    [InlineData("66d55ae445921e4d35ae4368_F_T_WP_AB_2_P_0_L_0_", "66d55ae445921e4d35ae4368")]
    [InlineData("plain", "plain")]
    [InlineData("a_", "a")]
    [InlineData("mit Größe/und mehr?_x", "mit Größe/und mehr?")]
    [InlineData("_x", "_x")]
    [InlineData("50%2Foff_x", "50%2Foff")]
    [InlineData("50%2Foff/on_x", "50%2Foff/on")]
    [InlineData("50%252Foff_x", "50%252Foff")]
    public async Task An_experience_is_the_part_of_the_cid_before_the_first_underscore(string cid, string id)
    {
        var shop = shared.OpenShop();
        (await shop.PostAsync(Bodies.One(attributes: attributes => attributes["cid"] = cid))).ShouldBeAccepted();
        var list = await shop.ReadAsync("/api/v1/reports/experiences");
        ((string)list["experiences"]![0]!["id"]!).ShouldBe(id);
        var report = await shop.ReadAsync("/api/v1/reports/experiences/" + Uri.EscapeDataString(id));
        ((long)report["total"]!["impressions"]!).ShouldBe(1);
    }

    [Fact]
    public async Task An_experience_bears_the_name_it_was_last_given()
    {
        var shop = shared.OpenShop();
        foreach (var name in new[] { "First", "Second" })
        {
            (await shop.PostAsync(Bodies.One(attributes: attributes => attributes["experience"] = name))).ShouldBeAccepted();
        }

        var report = await shop.ReadAsync("/api/v1/reports/experiences/" + Bodies.Cid.Split('_')[0]);
        ((string)report["experience"]!["name"]!).ShouldBe("Second");
        ((long)report["total"]!["impressions"]!).ShouldBe(2);
    }

    [Fact]
    public async Task A_report_says_up_to_which_record_it_is_complete()
    {
        var shop = shared.OpenShop();
        var answer = await shop.PostAsync(Bodies.One());
        var asOf = (await shop.ReadAsync("/api/v1/reports/experiences"))["as_of"]!;
        var receipt = await shop.ReadAsync("/api/v1/requests/" + answer.RequestId);
        ((long)asOf["position"]!).ShouldBeGreaterThanOrEqualTo((long)receipt["position"]!);
        ((string)asOf["received_at"]!).ShouldBe("2026-11-24T12:00:00.000Z");
        foreach (var path in new[] { "/api/v1/reports/experiences", "/api/v1/reports/experiences/" + Bodies.Cid.Split('_')[0], "/api/v1/ledger" })
        {
            var table = await shop.GetAsync(path, "text/csv");
            long.Parse(table.Header("Vitrine-As-Of-Position")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo((long)asOf["position"]!);
            table.Header("Vitrine-As-Of-Received-At").ShouldBe("2026-11-24T12:00:00.000Z");
        }
    }
}
