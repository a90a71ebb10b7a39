using Bunit;
using Microsoft.AspNetCore.Components;
using MudBlazor.Services;
using Vitrine.Dashboard.Pages;
using Vitrine.Experiments;
using Vitrine.Projection;
using Vitrine.Reports;

namespace Vitrine.Tests.Dashboard.Pages;

public sealed class ExperimentPanelTests : BunitContext
{
    private static readonly ExperimentAnswer Two = new()
    {
        Experience = new ExperienceName("66d5", "Hero"),
        From = null,
        To = null,
        TimeZone = "UTC",
        Metric = "unique_ctr",
        Method = "sequential",
        Difference = "absolute",
        Alpha = 0.05,
        Correction = "holm",
        IntervalAlpha = 0.05,
        Baseline = "0",
        AsOf = new AsOf(1, null),
        Population = new ExperimentPopulation(2_010, 2_000, 10, 0, 100),
        Warnings = [],
        SampleRatio = new SampleRatioResult { PValue = 0.00002, Warning = true },
        Variations = [new("0", "Default", 1_000, 46, 0.046, 0.006), new("1", "<b>Blue</b>", 1_000, 69, 0.069, 0.008)],
        Comparisons =
        [
            new ExperimentComparison
            {
                Variation = "1",
                Sentence = "Blue raises it.",
                Verdict = "not_distinguishable",
                Difference = 0.023,
                Interval = [-0.002, 0.048],
                StandardError = 0.01,
            },
        ],
    };

    private ExperimentParameters? _asked;

    public ExperimentPanelTests()
    {
        Services.AddMudServices();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Each_variation_stands_with_its_figures_and_the_interval_of_its_difference()
    {
        var rows = Open(Two).FindAll("tbody tr");
        Cells(rows[0]).ShouldBe(["Default", "1,000", "4.60 %", "baseline", "–"]);
        Cells(rows[1]).ShouldBe(["<b>Blue</b>", "1,000", "6.90 %", "+2.30 pp (−0.20 pp to +4.80 pp)", "–"]);
        rows[0].QuerySelectorAll("td")[1].GetAttribute("title").ShouldBe("46 / 1,000");
    }

    [Fact]
    public void A_name_out_of_events_is_text()
    {
        Open(Two).FindAll("b").ShouldBeEmpty();
    }

    [Fact]
    public void A_broken_sample_ratio_is_said_in_words()
    {
        var panel = Open(Two);
        panel.Markup.ShouldContain("p = &lt; 0.0001, broken");
        panel.Markup.ShouldContain("10 saw several variations and count in none");
    }

    [Fact]
    public void Without_a_second_variation_the_panel_says_what_to_do() =>
        Open(Two with { Variations = [Two.Variations[0]], Comparisons = [] }).Markup.ShouldContain("Publish a second one");

    [Fact]
    public void What_cannot_be_compared_has_no_interval()
    {
        var comparison = Two.Comparisons[0] with { Difference = null, Interval = null, StandardError = null, Reason = "too_few_customers" };
        Cells(Open(Two with { Comparisons = [comparison] }).FindAll("tbody tr")[1])[3].ShouldBe("–");
    }

    [Fact]
    public void A_refusal_stands_in_place_of_figures() => Open(null, "There is no goal 'Sold'.").Find(".empty").TextContent.ShouldBe("There is no goal 'Sold'.");

    [Fact]
    public void Another_metric_method_or_difference_is_asked_for()
    {
        var panel = Open(Two);
        panel.Find("#metric").Change("revenue_per_user/Ordered");
        (_asked!.Metric, _asked.Goal).ShouldBe(("revenue_per_user", "Ordered"));
        panel.Find("#method").Change("bayesian");
        _asked.Method.ShouldBe("bayesian");
        panel.FindAll("button").Single(static one => one.TextContent == "relative").Click();
        _asked.Difference.ShouldBe("relative");
    }

    [Fact]
    public void A_difference_relative_to_the_baseline_is_in_per_cent() =>
        Cells(Open(Two with { Difference = "relative" }).FindAll("tbody tr")[1])[3].ShouldBe("+2.30 % (−0.20 % to +4.80 %)");

    private static List<string> Cells(AngleSharp.Dom.IElement row) => [.. row.Children.Select(static cell => cell.TextContent.Trim())];

    private IRenderedComponent<ExperimentPanel> Open(ExperimentAnswer? result, string? refusal = null) => Render<ExperimentPanel>(parameters => parameters
        .Add(static panel => panel.Result, result)
        .Add(static panel => panel.Refusal, refusal)
        .Add(static panel => panel.Goals, [("Ordered", true), ("Signed up", false)])
        .Add(static panel => panel.Asked, new ExperimentParameters { Method = "sequential" })
        .Add(static panel => panel.Changed, EventCallback.Factory.Create<ExperimentParameters>(this, asked => _asked = asked)));
}
