using Vitrine.Tests.Support;

namespace Vitrine.Tests.Experiments;

public sealed class ExperimentRefusalTests(SharedServer shared)
{
    [Theory]
    [InlineData("metric=lift", "metric: 'lift' is none of unique_ctr")]
    [InlineData("method=magic", "method: 'magic' is none of frequentist, sequential, bayesian.")]
    [InlineData("difference=big", "difference: 'big'")]
    [InlineData("alpha=0", "alpha: '0' is no number")]
    [InlineData("alpha=NaN", "alpha: 'NaN' is no number")]
    [InlineData("tuning=100", "tuning: is of the sequential method only.")]
    [InlineData("prior=0,1", "prior: is of the bayesian method only.")]
    [InlineData("method=bayesian&prior=0", "prior: '0' is no mean and variance")]
    [InlineData("metric=conversion", "asks about a goal, and this server knows none")]
    [InlineData("goal=Ordered", "goal: unique_ctr asks about no goal.")]
    [InlineData("winsorise=99", "winsorise: unique_ctr is no mean")]
    [InlineData("metric=clicks_per_user&winsorise=10", "winsorise: '10' is no number from 50 to 100.")]
    [InlineData("cuped=1.5", "cuped: give whole days.")]
    [InlineData("cuped=91", "cuped: '91' is no number from 1 to 90.")]
    [InlineData("windows=open", "windows: 'open' is none of all, completed.")]
    [InlineData("weights=0", "weights: '0' is no variation with its share")]
    [InlineData("weights=0:1,0:2", "weights: '0:2' is no variation")]
    [InlineData("currency=EUR", "currency: is of revenue_per_user only.")]
    [InlineData("baseline=7", "baseline: the experience was never reported with '7'; there are 0, 1.")]
    [InlineData("audience=9", "audience: the experience was never reported with '9'; there are 1.")]
    [InlineData("from=2026-13-01", "from: '2026-13-01' is no date")]
    [InlineData("metrics=ctr", "'metrics' is no query parameter")]
    public async Task A_question_that_makes_no_sense_is_refused(string question, string detail)
    {
        var shop = shared.OpenShop();
        await shop.ShowAsync("0", 2, 1);
        await shop.ShowAsync("1", 2, 1);
        var answer = await shop.GetAsync($"/api/v1/reports/experiences/{Experimenting.Experience}/experiment?{question}");
        answer.Status.ShouldBe(400, answer.Text);
        ((string)answer.Json["detail"]!).ShouldContain(detail);
    }

    [Fact]
    public async Task A_goal_that_is_not_there_or_brings_no_money_is_refused()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        await shop.ShowAsync("0", 2, 1, experience: id);
        ((string)(await shop.GetAsync($"/api/v1/reports/experiences/{id}/experiment?metric=conversion&goal=Sold")).Json["detail"]!).ShouldBe("goal: the experience has no goal 'Sold'; it has 'Ordered', 'Signed up'.");
        ((string)(await shop.GetAsync($"/api/v1/reports/experiences/{id}/experiment?metric=revenue_per_user&goal=Signed%20up")).Json["detail"]!).ShouldContain("has no revenue attribute");
    }

    [Fact]
    public async Task A_currency_that_is_none_is_refused()
    {
        var shop = shared.OpenShop();
        var id = await shop.PublishWithGoalsAsync();
        await shop.ShowAsync("0", 2, 1, experience: id);
        var answer = await shop.GetAsync($"/api/v1/reports/experiences/{id}/experiment?metric=revenue_per_user&currency=euro");
        answer.Status.ShouldBe(400);
        ((string)answer.Json["detail"]!).ShouldBe("currency: 'euro' is none; they have three letters, such as EUR.");
    }
}
