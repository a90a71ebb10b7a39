namespace Vitrine.Client.Tests;

public sealed class ExperienceContextTests
{
    [Fact]
    public void It_comes_back_as_it_went_with_what_this_version_does_not_know()
    {
        const string json = """{"cid":"66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A","experience":"B\u00E4r \u0022x\u0022","moe_locale_id":"0","moe_variation_id":"1","audience_name":"All","audience_id":"5A","new":{"deep":[1,null]}}""";
        var context = ExperienceContext.Parse(json);
        context.ToString().ShouldBe(json);
        context.Experience.ShouldBe("Bär \"x\"");
        (context.Cid[..24], context.LocaleId, context.VariationId, context.AudienceName, context.AudienceId).ShouldBe(("66d55ae445921e4d35ae4368", "0", "1", "All", "5A"));
        context["new"].ShouldBe("""{"deep":[1,null]}""");
        context["missing"].ShouldBe("");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"cid":"\ud800"}""")]
    public void What_is_no_object_is_refused(string json) => Should.Throw<FormatException>(() => ExperienceContext.Parse(json));
}
